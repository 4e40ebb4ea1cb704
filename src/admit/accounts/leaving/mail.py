"""The mails about leaving and coming back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.letters import Letters
from admit.accounts.models import User

ERASED = "erased"


async def send_closed(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    token: str | None,
    erase_at: datetime | None,
    now: datetime,
) -> None:
    """The account is closed; `token` opens it again, unless staff closed it."""
    what = "will be deleted" if erase_at else "is closed"
    subject = f"Your account at {letters.site_name} {what}"
    context = {
        "first_name": user.first_name,
        "title": f"Your account {what}",
        "link": f"{letters.site_url}/reopen/{token}" if token else None,
        "erase_at": erase_at,
    }
    await letters.send(db, "closed", user.email, subject, context, now=now)


async def send_erased(
    db: AsyncSession, letters: Letters, *, recipient: str, first_name: str, now: datetime
) -> None:
    """The last mail; it is forgotten, too, a day later."""
    subject = f"Your account at {letters.site_name} was deleted"
    await letters.send(db, ERASED, recipient, subject, {"first_name": first_name}, now=now)
