"""What follows when somebody showed that an address is theirs, by whichever way."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.caller import Caller
from admit.accounts.events import AddressConfirmed
from admit.accounts.invitations.service import accept_taken_up
from admit.accounts.models import User
from admit.core.events import record


async def address_confirmed(db: AsyncSession, user: User, *, caller: Caller, now: datetime) -> None:
    """In the transaction that confirmed it, once."""
    event = AddressConfirmed(user_id=user.id)
    await record(db, event, now=now, key=f"address_confirmed:{user.id}", subject=user.id)
    await accept_taken_up(db, user, caller=caller, now=now)
