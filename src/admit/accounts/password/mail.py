"""The mails about forgotten passwords."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.letters import Letters


async def send_reset(
    db: AsyncSession,
    letters: Letters,
    *,
    recipient: str,
    first_name: str,
    token: str,
    hours: int,
    now: datetime,
) -> None:
    subject = f"Set a new password at {letters.site_name}"
    context = {
        "first_name": first_name,
        "link": f"{letters.site_url}/password/new/{token}",
        "hours": hours,
    }
    await letters.send(db, "reset", recipient, subject, context, now=now)


async def send_reset_without_account(
    db: AsyncSession, letters: Letters, *, recipient: str, now: datetime
) -> None:
    subject = f"There is no account with this address at {letters.site_name}"
    context = {"sign_up_url": f"{letters.site_url}/sign-up"}
    await letters.send(db, "reset_without_account", recipient, subject, context, now=now)
