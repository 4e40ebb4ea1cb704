"""How many ways into an account there are besides a code by mail, so that the last one stays."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from admit.accounts.passkeys.models import Passkey
from admit.core.errors import AppError


class LastWayIn(AppError):
    status = 409
    title = "That is your last way in"
    message = "Without it only a code by mail would let you in."
    advice = "Set a password, or add another way first."
    way_on = ("Back to security", "/account/security")


async def keep_the_last(db: AsyncSession, user: User) -> None:
    """Raises `LastWayIn`. `user` is locked, so that two ways cannot be taken off at once."""
    ways = int(user.password_hash is not None)
    for table in (Identity, Passkey):
        of_theirs = select(func.count()).select_from(table).where(table.user_id == user.id)
        ways += await db.scalar(of_theirs) or 0
    if ways == 1:
        raise LastWayIn


async def locked(db: AsyncSession, user_id: str) -> User | None:
    """What opens their account is used and changed by one at a time.

    The account comes first, whatever else a transaction takes after it: who ends everything that is
    open and who uses a part of it at that moment would else wait for each other for ever.
    """
    theirs = select(User).where(User.id == user_id).with_for_update(key_share=True)
    return await db.scalar(theirs.execution_options(populate_existing=True))
