"""How each slice declares what it holds about a person, so that it can be handed over and erased.

A holding is a table. What is declared here is what people get (GDPR, articles 15 and 20) and what
goes when they ask for it (article 17); a test finds the tables that nobody declared.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.db import Base

Plain = str | int | float | bool | None


@dataclass(frozen=True)
class Holding:
    """`name` is the key in the JSON and the name of the CSV file; `title` is for people."""

    name: str
    title: str
    table: type[Base]
    of: Callable[[str], ColumnElement[bool]]
    """Which rows are about the person with this id."""
    hidden: frozenset[str] = frozenset()
    """Columns that are no data about the person: hashes and sealed secrets."""
    kept_because: str = ""
    """Why the rows stay when the person is erased; they must not name them then."""
    blanked: Mapping[str, Any] = field(default_factory=dict)
    """What is written over the rows instead of deleting them, also over rows that are kept."""

    @property
    def columns(self) -> list[str]:
        return [
            each.key for each in inspect(self.table).column_attrs if each.key not in self.hidden
        ]

    async def read(self, db: AsyncSession, user_id: str) -> list[dict[str, Plain]]:
        """Oldest first where the key tells, in plain values only."""
        columns = [getattr(self.table, name) for name in self.columns]
        keys = inspect(self.table).primary_key
        rows = await db.execute(select(*columns).where(self.of(user_id)).order_by(*keys))
        return [
            {name: plain(value) for name, value in zip(self.columns, row, strict=True)}
            for row in rows
        ]

    async def erase(self, db: AsyncSession, user_id: str) -> None:
        if self.blanked:
            await db.execute(update(self.table).where(self.of(user_id)).values(self.blanked))
        elif not self.kept_because:
            await db.execute(delete(self.table).where(self.of(user_id)))


def plain(value: object) -> Plain:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case bytes():
            return base64.b64encode(value).decode()
        case None | str() | int() | float() | bool():
            return value
        case _:
            return str(value)
