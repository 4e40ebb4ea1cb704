from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.devices.models import KnownDevice
from admit.accounts.devices.repository import KnownDevices
from admit.core.crypto import hash_token, new_token

REMEMBERED_FOR = timedelta(days=365)


async def is_known(db: AsyncSession, token: str | None, *, user_id: str) -> bool:
    return token is not None and await KnownDevices(db).includes(hash_token(token), user_id=user_id)


async def remember(db: AsyncSession, token: str | None, *, user_id: str, now: datetime) -> str:
    """The token that the browser keeps: its own when this account knows it, else a new one.

    Never one that it merely brought along, which somebody else could have put there.
    """
    if token and await KnownDevices(db).use(hash_token(token), user_id=user_id, now=now):
        return token
    fresh = new_token()
    db.add(
        KnownDevice(token_hash=hash_token(fresh), user_id=user_id, created_at=now, last_used_at=now)
    )
    return fresh
