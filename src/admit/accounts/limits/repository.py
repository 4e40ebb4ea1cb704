from datetime import datetime

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.limits.models import LimitWindow


class LimitWindows:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def count(self, key: str, *, ends_at: datetime, now: datetime) -> tuple[int, datetime]:
        """Adds one in a single statement, so that parallel tries are all counted."""
        values = {"key": key, "count": 1, "ends_at": ends_at}
        over = LimitWindow.ends_at <= now
        statement = self._insert().values(values)
        renewed = statement.on_conflict_do_update(
            index_elements=[LimitWindow.key],
            set_={
                "count": case((over, 1), else_=LimitWindow.count + 1),
                "ends_at": case((over, statement.excluded.ends_at), else_=LimitWindow.ends_at),
            },
        ).returning(LimitWindow.count, LimitWindow.ends_at)
        row = (await self.db.execute(renewed)).one()
        return row[0], row[1]

    async def give_back(self, key: str) -> None:
        counted = update(LimitWindow).where(LimitWindow.key == key, LimitWindow.count > 0)
        await self.db.execute(counted.values(count=LimitWindow.count - 1))

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(LimitWindow).where(LimitWindow.ends_at <= now))

    def _insert(self) -> "sqlite.Insert | postgresql.Insert":
        if self.db.get_bind().dialect.name == "postgresql":
            return postgresql.insert(LimitWindow)
        return sqlite.insert(LimitWindow)
