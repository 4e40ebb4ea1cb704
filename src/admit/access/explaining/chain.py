"""What a grant rests on, step by step; each slice tells of its own sources."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step, in a sentence for the person it is about."""

    kind: str
    """What it tells of: `plan`, `subscription`, `invoice`, `payment`, `event`, `staff`, …"""
    words: str
    ref: str | None = None
    """How staff finds it: an id, here or at Stripe, or who it was."""


@dataclass(frozen=True)
class Wording:
    """How amounts and times are written, as pages write them for their reader."""

    money: Callable[[int, str], str]
    """Of minor units and a currency."""
    day: Callable[[datetime], str]
    moment: Callable[[datetime], str]


def wording_of(templates: Environment) -> Wording:
    filters = templates.filters
    return Wording(filters["money"], filters["date_text"], filters["datetime_text"])


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a source is asked: what did this feature rest on at that moment?"""

    feature: str
    source_id: str
    at: datetime
    """Business time."""


class Explainer(Protocol):
    async def __call__(
        self, db: AsyncSession, question: Question, wording: Wording
    ) -> Sequence[Link]: ...


@dataclass(frozen=True)
class Telling:
    """Who knows what each kind of source rests on, and how it is written."""

    explainers: Mapping[str, Explainer]
    wording: Wording
