"""The end of the time to think again: everything about the person goes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import UNKNOWN, Caller
from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.mail import send_erased
from admit.accounts.leaving.repository import Departures, LastMails
from admit.accounts.letters import Letters
from admit.accounts.repository import Users
from admit.core.db import Database

LAST_MAIL_KEPT = timedelta(days=1)
"""It names the address once more; by then it has been sent."""
NOBODY = Caller(ip=UNKNOWN, user_agent="")


async def erase_due(
    database: Database, letters: Letters, holdings: Sequence[Holding], *, now: datetime
) -> int:
    """How many were erased; each in a transaction of its own, so that one that fails is alone."""
    async with database.write() as db:
        await LastMails(db).forget(queued_before=now - LAST_MAIL_KEPT)
    erased = 0
    while True:
        async with database.write() as db:
            departure = await Departures(db).next_due(now=now)
            if departure is None:
                return erased
            user = await Users(db).fresh(departure.user_id)
            recipient, first_name = user.email, user.first_name
            await erase(db, departure.user_id, holdings)
            await send_erased(db, letters, recipient=recipient, first_name=first_name, now=now)
            departure.erased_at, departure.token_hash = now, None
            note(
                db,
                Outcome.account_erased,
                user_id=departure.user_id,
                method=Method.session,
                caller=NOBODY,
                now=now,
            )
        erased += 1


async def erase(db: AsyncSession, user_id: str, holdings: Sequence[Holding]) -> None:
    """What law keeps stays, hanging on an account that names nobody. The account comes last."""
    for holding in holdings:
        await holding.erase(db, user_id)
