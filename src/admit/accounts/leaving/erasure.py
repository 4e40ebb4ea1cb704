"""The end of the time to think again: everything about the person goes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import UNKNOWN, Caller
from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.repository import Departures
from admit.core.db import Database

NOBODY = Caller(ip=UNKNOWN, user_agent="")


async def erase_due(database: Database, holdings: Sequence[Holding], *, now: datetime) -> int:
    """How many were erased; each in a transaction of its own, so that one that fails is alone."""
    erased = 0
    while True:
        async with database.write() as db:
            departure = await Departures(db).next_due(now=now)
            if departure is None:
                return erased
            await erase(db, departure.user_id, holdings)
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
