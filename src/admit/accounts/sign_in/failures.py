"""Wrong passwords in a row: after a hundred the password is closed until it is set anew.

NIST SP 800-63B-4, section 3.2.2. The other ways in stay open, so nobody is locked out by it.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.repository import Users

MOST_FAILURES = 100


def is_closed(user: User) -> bool:
    return user.password_failures >= MOST_FAILURES


async def count_failure(
    db: AsyncSession, letters: Letters, user_id: str, *, caller: Caller, now: datetime
) -> None:
    """The failure that closes the password is told to its owner, once."""
    failures = await Users(db).count_password_failure(user_id)
    if failures != MOST_FAILURES:
        return
    user = await Users(db).fresh(user_id)
    closed = Outcome.password_closed
    note(db, closed, user_id=user_id, method=Method.password, caller=caller, now=now)
    await tell_of_change(db, letters, user, Change.password_closed, caller=caller, now=now)


def forget_failures(user: User) -> None:
    """The password was right, or is new."""
    if user.password_failures:
        user.password_failures = 0
