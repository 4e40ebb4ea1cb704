from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.ordering import Source, Written
from admit.core.db import Base
from admit.core.versions import Versioned


class LookCounter(Base):
    """One increasing number for all looks at Stripe, never reused.

    A locked row and not a sequence: the order of numbers has to be the order in which their
    takers read the inbox.
    """

    __tablename__ = "look_counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class MirrorRow(Base):
    """One object at Stripe, whose it is, and what is known of its last write: see `ordering`."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[int] = mapped_column(ForeignKey("stripe_accounts.id"))
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    look: Mapped[int]
    look_source: Mapped[str]
    look_second: Mapped[int]
    ended: Mapped[bool]
    deleted: Mapped[bool] = mapped_column(default=False)

    @property
    def written(self) -> Written:
        return Written(
            look=self.look,
            source=Source(self.look_source),
            second=self.look_second,
            ended=self.ended,
        )


class ListedMirror(Versioned, MirrorRow):
    """A mirror that programs read in a list; being looked at again changes nothing in it."""

    __abstract__ = True
    version_scope = "billing_account_id"
    version_ignores = frozenset({"look", "look_source", "look_second"})


class SweepCursor(Base):
    """How far the list of Stripe's events has been compared with the inbox."""

    __tablename__ = "sweep_cursors"

    stripe_account_id: Mapped[int] = mapped_column(primary_key=True)
    events_until: Mapped[int]
    swept_at: Mapped[datetime]


class Drift(Base):
    """Something that our mirror had wrong though no event was under way."""

    __tablename__ = "drifts"
    __table_args__ = (Index(None, "object_id"), Index(None, "found_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    kind: Mapped[str]
    object_id: Mapped[str]
    field: Mapped[str]
    """Empty: the object itself was missing, here or at Stripe."""
    ours: Mapped[str | None] = mapped_column(Text)
    """JSON, as it was when it was found; so is `theirs`."""
    theirs: Mapped[str | None] = mapped_column(Text)
    found_at: Mapped[datetime]
    repaired_at: Mapped[datetime | None]


class SyncRun(Base):
    """One reading of everything that Stripe has, from its beginning to its end."""

    __tablename__ = "sync_runs"
    __table_args__ = (Index(None, "stripe_account_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[int] = mapped_column(ForeignKey("stripe_accounts.id"))
    first_look: Mapped[int]
    """What carries an earlier number at the end was in none of the lists."""
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class SyncCursor(Base):
    """How far one kind's list has been read in a run, and what was found."""

    __tablename__ = "sync_cursors"

    run_id: Mapped[str] = mapped_column(ForeignKey("sync_runs.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str | None]
    """The last id that was read; the list goes on behind it."""
    done: Mapped[bool] = mapped_column(default=False)
    before: Mapped[int] = mapped_column(default=0)
    """How many we had when its list was begun."""
    seen: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unclaimed: Mapped[int] = mapped_column(default=0)
    """Of customers whom nobody here is linked to."""
