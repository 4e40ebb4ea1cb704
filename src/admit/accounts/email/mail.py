"""The mails about another address."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.letters import Letters


async def send_confirmation(
    db: AsyncSession,
    letters: Letters,
    *,
    recipient: str,
    first_name: str,
    token: str,
    now: datetime,
) -> None:
    """To the new address."""
    subject = f"Confirm your new address at {letters.site_name}"
    context = {"first_name": first_name, "link": f"{letters.site_url}/email/confirm/{token}"}
    await letters.send(db, "email_change", recipient, subject, context, now=now)


async def send_in_use(
    db: AsyncSession, letters: Letters, *, recipient: str, first_name: str, now: datetime
) -> None:
    """To the new address, when it has its own account already."""
    subject = f"This address already has an account at {letters.site_name}"
    context = {"first_name": first_name, "sign_in_url": f"{letters.site_url}/sign-in"}
    await letters.send(db, "email_in_use", recipient, subject, context, now=now)


async def send_changed(
    db: AsyncSession,
    letters: Letters,
    *,
    recipient: str,
    first_name: str,
    new_email: str,
    undo_token: str,
    hours: int,
    now: datetime,
) -> None:
    """To the old address."""
    subject = f"Your e-mail address at {letters.site_name} was changed"
    context = {
        "first_name": first_name,
        "new_email": new_email,
        "undo_link": f"{letters.site_url}/email/undo/{undo_token}",
        "hours": hours,
    }
    await letters.send(db, "email_changed", recipient, subject, context, now=now)
