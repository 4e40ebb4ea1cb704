"""What is in the site's database, read beside it, and how time passes for what is left there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import NullPool, create_engine, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from admit.billing.stripe_account import StripeAccount
from admit.core.db import Base
from admit.core.events.models import EventRow, Progress, ReactionRow, ScheduleRow
from admit.core.mail.models import MailRow

Row = TypeVar("Row", bound=Base)

SECOND_LOOK = "billing.second_look"
NEVER = timedelta(days=36500)


def sync_url(database_url: str) -> URL:
    url = make_url(database_url)
    return url.set(drivername="sqlite+pysqlite") if url.get_backend_name() == "sqlite" else url


class Books:
    def __init__(self, database_url: str) -> None:
        self._engine = create_engine(sync_url(database_url), poolclass=NullPool)

    def rows(self, table: type[Row]) -> list[Row]:
        with Session(self._engine) as db:
            return list(db.scalars(select(table)))

    def mirror(self, table: type[Base], columns: Mapping[str, Mapping[str, Any]]) -> object:
        """These columns of every row, by its id."""
        names = {name for row in columns.values() for name in row}
        return {
            row.__dict__["id"]: {name: getattr(row, name) for name in names}
            for row in self.rows(table)
        }

    def know_the_epoch(self, epoch: str) -> None:
        with Session(self._engine) as db:
            db.execute(update(StripeAccount).values(epoch=epoch))
            db.commit()

    def mails(self) -> list[str]:
        """Kinds of what was sent, sorted."""
        return sorted(row.kind for row in self.rows(MailRow) if row.sent_at is not None)

    def facts(self, name: str) -> int:
        return sum(row.name == name for row in self.rows(EventRow))

    def events_of_stripe(self) -> set[str]:
        rows = [row for row in self.rows(EventRow) if row.source == "stripe"]
        return {row.id.removeprefix("stripe:") for row in rows}

    def unfinished(self) -> list[str]:
        """A second look that is due in two minutes is no unfinished business."""
        return [
            f"{row.event_id} {row.name}: {row.progress} after {row.attempts}: {row.last_error}"
            for row in self.rows(ReactionRow)
            if row.progress != Progress.done and row.name != SECOND_LOOK
        ]

    def let_a_minute_pass(self) -> None:
        """Leases of whoever died have run out, and what was put off for seconds is due."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        soon = datetime.now(UTC) + timedelta(minutes=1)
        with Session(self._engine) as db, db.begin():
            running = update(ReactionRow).where(ReactionRow.progress == Progress.running)
            db.execute(running.values(lease_until=past))
            waiting = update(ReactionRow).where(
                ReactionRow.progress == Progress.waiting, ReactionRow.due_at <= soon
            )
            db.execute(waiting.values(due_at=past))

    def stop_periodic_work(self) -> None:
        """No sweep comes to heal: what is not lost must be found by itself."""
        with Session(self._engine) as db, db.begin():
            db.execute(update(ScheduleRow).values(next_run_at=datetime.now(UTC) + NEVER))

    def has_run_all_periodic_work(self, works: int) -> bool:
        rows = self.rows(ScheduleRow)
        return len(rows) == works and all(row.last_run_at for row in rows)
