"""The owner of an address meets an account that somebody made with it and never confirmed.

Whoever that was may have left ways back in: a password, sessions, passkeys, accounts elsewhere,
a change of address on its way (Sudhodanan and Paverd, "Pre-hijacked accounts", 2022).
"""

from datetime import datetime

from sqlalchemy import Table, delete
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.profile.repository import Profiles
from admit.core.db import Base

OWN_SLICE = "admit.accounts."


async def empty(db: AsyncSession, user: User, *, now: datetime) -> None:
    """Nothing that opens or describes the account outlives this; the address counts as confirmed.

    `user` is locked and was not confirmed.
    """
    for table in tables_of_an_account():
        await db.execute(delete(table).where(table.c.user_id == user.id))
    await Profiles(db).make(user.id)
    user.password_hash = None
    user.password_failures = 0
    user.last_login_at = None
    user.two_factor_since = None
    user.verified_at = now


def tables_of_an_account() -> list[Table]:
    """Those of this slice whose rows go when their user goes; a new one is among them by itself."""
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(OWN_SLICE)
        and isinstance(mapper.local_table, Table)
        and any(
            key.column.table.name == User.__tablename__ and key.ondelete == "CASCADE"
            for key in mapper.local_table.foreign_keys
        )
    ]
