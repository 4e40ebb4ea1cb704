"""Small readers of Stripe's JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admit.core.clock import from_seconds


def id_of(value: object) -> str | None:
    """An id, whether Stripe sent the id or the expanded object."""
    if isinstance(value, Mapping):
        return str(value["id"])
    return str(value) if value else None


def time_of(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_seconds(seconds)


def is_whole(listing: Mapping[str, Any]) -> bool:
    return not listing.get("has_more")


def customer_in(value: object) -> str | None:
    """Of an object that was expanded; an id alone does not say."""
    return id_of(value["customer"]) if isinstance(value, Mapping) else None
