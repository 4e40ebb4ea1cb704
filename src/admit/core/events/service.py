import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.clock import to_seconds
from admit.core.db import Base
from admit.core.events.models import EventRow, Progress, ReactionRow
from admit.core.ids import new_id


class Event(BaseModel):
    """A fact of our own. Subclasses name it; ids and plain values only, never a secret."""

    name: ClassVar[str]


@dataclass(frozen=True)
class Occurrence:
    """An event as a reaction receives it."""

    id: str
    name: str
    subject: str | None
    occurred: int
    data: Mapping[str, Any]

    @classmethod
    def of(cls, row: EventRow) -> "Occurrence":
        return cls(row.id, row.name, row.subject, row.occurred, json.loads(row.payload))


async def record(
    db: AsyncSession,
    event: Event,
    *,
    now: datetime,
    key: str | None = None,
    subject: str | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Keep the event and plan its reactions in this transaction.

    `key` names the business fact: a second recording of the same fact is False and plans nothing.
    `due_at` (wall time) puts the reactions off.
    """
    event_id = f"admit:{key or new_id('evt')}"
    row = {
        "id": event_id,
        "source": "admit",
        "name": event.name,
        "subject": subject,
        "occurred": to_seconds(now),
        "received_at": now,
        "disposition": "routed",
        "payload": event.model_dump_json(),
    }
    statement = insert_new(db, EventRow).values(row).returning(EventRow.id)
    if await db.scalar(statement) is None:
        return False
    await plan(db, event_id, reactions_to(db, event.name), due_at=due_at or now)
    return True


async def plan(db: AsyncSession, event_id: str, names: Sequence[str], *, due_at: datetime) -> None:
    if not names:
        return
    rows = [
        {"event_id": event_id, "name": name, "progress": Progress.waiting, "due_at": due_at}
        for name in names
    ]
    await db.execute(insert_new(db, ReactionRow).values(rows))
    ring(db)


def ring(db: AsyncSession) -> None:
    """Wake the worker of this process once the transaction is committed."""
    db.info["ring"] = True


def reactions_to(db: AsyncSession, name: str) -> Sequence[str]:
    planned: Mapping[str, Sequence[str]] = db.info.get("reactions", {})
    return planned.get(name, ())


def insert_new(db: AsyncSession, table: type[Base]) -> Any:
    """An insert that leaves an existing row alone, in the database's own words."""
    if db.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
