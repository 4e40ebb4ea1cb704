"""What an invoice bills, as plain values: amounts in its minor unit, times in Stripe's seconds."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict


class Line(TypedDict):
    description: str | None
    quantity: int
    amount: int
    starts: int
    ends: int
    item: str | None
    """The subscription item that it pays ahead for; prorations look back on what was."""


def lines_of(payload: Mapping[str, Any]) -> list[Line]:
    return [_line(each) for each in payload["lines"]["data"]]


def _line(payload: Mapping[str, Any]) -> Line:
    details = (payload["parent"] or {}).get("subscription_item_details") or {"proration": True}
    return Line(
        description=payload["description"],
        quantity=payload["quantity"] or 1,
        amount=payload["amount"],
        starts=payload["period"]["start"],
        ends=payload["period"]["end"],
        item=None if details["proration"] else details["subscription_item"],
    )


def covers(lines: Iterable[Line]) -> dict[str, int]:
    """The end of what is paid ahead, by subscription item: each may have periods of its own."""
    ends: dict[str, int] = {}
    for line in lines:
        if line["item"] is not None:
            ends[line["item"]] = max(line["ends"], ends.get(line["item"], 0))
    return ends


def subject_of(lines: Iterable[Mapping[str, Any]]) -> str:
    """The line that costs most says what an invoice is about."""
    dearest = sorted(lines, key=lambda line: line["amount"], reverse=True)
    return next((line["description"] for line in dearest if line["description"]), "A purchase")
