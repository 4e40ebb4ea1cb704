from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Disposition(StrEnum):
    routed = "routed"
    unrouted = "unrouted"
    """Of a type that nothing asks for; kept for a while, then pruned."""
    refused = "refused"
    """Of another Stripe account or mode; kept, shown, never acted on."""


class Progress(StrEnum):
    waiting = "waiting"
    running = "running"
    done = "done"
    unclaimed = "unclaimed"
    """About a customer that nobody here has been linked to; linking one takes it up again."""
    dead = "dead"
    """Gave up; staff can see the last error and replay it."""


class EventRow(Base):
    """Something that happened, once: `source` and `external_id` name the fact itself."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "source", "received_at"), Index(None, "subject"))

    id: Mapped[str] = mapped_column(primary_key=True)
    """`<source>:<external id>`, which makes the fact unique."""
    source: Mapped[str]
    name: Mapped[str]
    subject: Mapped[str | None]
    """The object it is about; looks at one object are merged."""
    occurred: Mapped[int]
    """Seconds, by the clock of its source."""
    received_at: Mapped[datetime]
    disposition: Mapped[str] = mapped_column(default=Disposition.routed)
    payload: Mapped[str] = mapped_column(Text)
    """JSON, as it came."""


class ReactionRow(Base):
    """Somebody still has to react, or has."""

    __tablename__ = "reactions"
    __table_args__ = (Index(None, "progress", "due_at"),)

    event_id: Mapped[str] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    progress: Mapped[str] = mapped_column(default=Progress.waiting)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    handled_at: Mapped[datetime | None]


class ScheduleRow(Base):
    """When periodic work is due next, whichever process comes first."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
