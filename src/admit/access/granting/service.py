"""What staff does with the access of others: opens it by hand, and takes that back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.errors import UnknownFeature
from admit.access.granting.forms import Wish
from admit.access.service import grant
from admit.accounts.models import User
from admit.accounts.people.service import find_person
from admit.core.errors import InvalidInput

NOBODY = "Nobody has an account with this address."


async def person_at(db: AsyncSession, email: str, *, now: datetime) -> User:
    """Raises `InvalidInput`. `now` is wall time."""
    found = await find_person(db, email, now=now)
    if found is None:
        raise InvalidInput({"email": NOBODY})
    return found.user


async def grant_by_hand(
    db: AsyncSession, user: User, wish: Wish, *, by: str | None, now: datetime
) -> str:
    """The id of the grant. Raises `InvalidInput`. `now` is business time."""
    try:
        return await grant(
            db,
            user_id=user.id,
            feature=wish.feature,
            until=wish.until,
            limit=wish.limit,
            reason=wish.reason,
            granted_by=by,
            now=now,
        )
    except UnknownFeature as error:
        raise InvalidInput({"feature": error.message}) from None
