"""The inbox: one row an event, once, durable before anybody is told that it arrived."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.reconciliation.repository import RECONCILE
from admit.billing.webhooks.routing import ROUTES
from admit.core.events.models import Disposition, EventRow, Progress, ReactionRow
from admit.core.events.service import insert_new, ring

NAME = re.compile(r"[\w.:-]{1,255}", re.ASCII)


class NotAnEvent(Exception):
    """Signed, but not of the shape https://docs.stripe.com/api/events/object."""


@dataclass(frozen=True)
class ReceivedEvent:
    row_id: str
    type: str
    subject: str | None
    created: int
    disposition: Disposition
    payload: str

    @classmethod
    def of_payload(cls, body: bytes, *, mode: str) -> "ReceivedEvent":
        """Raises `NotAnEvent`; parses once and keeps the text as it came."""
        try:
            text = body.decode()
            event = json.loads(text)
            return cls._of(event, text, mode)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotAnEvent(str(error)) from error

    @classmethod
    def of_listed(cls, event: Mapping[str, Any], *, mode: str) -> "ReceivedEvent":
        """An event that a list at Stripe showed."""
        return cls._of(event, json.dumps(event), mode)

    @classmethod
    def _of(cls, event: Mapping[str, Any], text: str, mode: str) -> "ReceivedEvent":
        return cls(
            row_id=f"stripe:{_name(event['id'])}",
            type=_name(event["type"]),
            subject=subject_of(event),
            created=_second(event["created"]),
            disposition=disposition_of(event, mode=mode),
            payload=text,
        )


def disposition_of(event: Mapping[str, Any], *, mode: str) -> Disposition:
    """Events of a connected account or of the other mode are kept and never acted on."""
    if event.get("account") or event["livemode"] != (mode == "live"):
        return Disposition.refused
    wanted = event["type"] in ROUTES and subject_of(event) is not None
    return Disposition.routed if wanted else Disposition.unrouted


def subject_of(event: Mapping[str, Any]) -> str | None:
    """What the event is about. Ids that people chose, a coupon's say, may be any text: such an
    object is not looked up.
    """
    carried = event["data"]["object"]
    if not isinstance(carried, Mapping):
        raise TypeError("An event carries an object.")
    route = ROUTES.get(event["type"])
    subject = route.subject(carried) if route else carried.get("id")
    return subject if isinstance(subject, str) and NAME.fullmatch(subject) else None


def _name(value: object) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError("An id or type of an event is not a plain name.")
    return value


def _second(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 40:
        raise ValueError("An event's time is not a number of seconds.")
    return value


async def store_events(db: AsyncSession, events: Sequence[ReceivedEvent], *, now: datetime) -> None:
    """Everything in one insert each; an event that is known already changes nothing."""
    if not events:
        return
    await db.execute(insert_new(db, EventRow), [_event_row(event, now) for event in events])
    routed = [event for event in events if event.disposition is Disposition.routed]
    if routed:
        rows = [
            {
                "event_id": event.row_id,
                "name": RECONCILE,
                "progress": Progress.waiting,
                "attempts": 0,
                "due_at": now,
            }
            for event in routed
        ]
        await db.execute(insert_new(db, ReactionRow), rows)
        ring(db)


def _event_row(event: ReceivedEvent, now: datetime) -> dict[str, Any]:
    return {
        "id": event.row_id,
        "source": "stripe",
        "name": event.type,
        "subject": event.subject,
        "occurred": event.created,
        "received_at": now,
        "disposition": event.disposition,
        "payload": event.payload,
    }
