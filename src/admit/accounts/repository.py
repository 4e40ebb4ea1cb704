from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import Role, User
from admit.accounts.profile.repository import Profiles
from admit.core.events.service import insert_new


class Users:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, user_id: str) -> User | None:
        return await self.db.get(User, user_id)

    async def fresh(self, user_id: str) -> User:
        """As the database holds it now, after a statement that went past the session."""
        question = select(User).where(User.id == user_id)
        return (await self.db.scalars(question.execution_options(populate_existing=True))).one()

    async def by_key(self, email_key: str) -> User | None:
        return await self.db.scalar(select(User).where(User.email_key == email_key))

    async def add(self, values: dict[str, Any]) -> bool:
        """With an empty profile.

        False when the address has an account already, also one made this very moment.
        """
        added = insert_new(self.db, User).values(values).returning(User.id)
        user_id = await self.db.scalar(added)
        if user_id is not None:
            await Profiles(self.db).make(user_id)
        return user_id is not None

    async def confirm(self, user_id: str, values: dict[str, Any], *, now: datetime) -> bool:
        """True for the one use that confirmed the address."""
        confirmed = (
            update(User)
            .where(User.id == user_id, User.verified_at.is_(None), User.is_active)
            .values(verified_at=now, **values)
            .returning(User.id)
        )
        return await self.db.scalar(confirmed) is not None

    async def count_password_failure(self, user_id: str) -> int | None:
        """How many there are in a row now; one statement, so that parallel ones all count."""
        counted = (
            update(User)
            .where(User.id == user_id)
            .values(password_failures=User.password_failures + 1)
            .returning(User.password_failures)
        )
        return await self.db.scalar(counted)

    async def names_of(self, user_ids: Collection[str]) -> dict[str, str]:
        named = select(User.id, User.first_name, User.last_name).where(User.id.in_(user_ids))
        return {row[0]: f"{row[1]} {row[2]}" for row in await self.db.execute(named)}

    async def has_admin(self) -> bool:
        return bool(await self.db.scalar(select(exists().where(User.role == Role.admin))))
