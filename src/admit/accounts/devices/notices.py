from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.caller import Caller
from admit.accounts.devices.words import in_words
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change


async def tell_of_device(
    db: AsyncSession, letters: Letters, user: User, *, caller: Caller, now: datetime
) -> None:
    """A device that the account did not know was let in."""
    detail = in_words(caller.user_agent)
    await tell_of_change(
        db, letters, user, Change.new_device, caller=caller, now=now, detail=detail
    )
