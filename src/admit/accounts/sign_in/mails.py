"""The mails of mailed codes: to whom they belong, and to whoever has no open account."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.leaving.service import offer_return
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.repository import Users


async def send_code(
    db: AsyncSession,
    letters: Letters,
    owner: User,
    code: str,
    *,
    link_token: str | None,
    minutes: int,
    now: datetime,
) -> None:
    """`link_token` is of a link that signs in; without it the mail holds the code alone."""
    subject = "Sign in to" if link_token else "Show that it is you at"
    context = {
        "code": code,
        "link": f"{letters.site_url}/sign-in/link/{link_token}" if link_token else None,
        "minutes": minutes,
    }
    # Subjects are kept in clear, so the code stays out of it.
    title = f"{subject} {letters.site_name}"
    await letters.send(db, "sign_in_code", owner.email, title, context, now=now)


async def send_why_not(
    db: AsyncSession, letters: Letters, email: str, *, email_key: str, now: datetime
) -> None:
    """There is no account, or it is closed; a network that is banned causes no mail at all."""
    owner = await Users(db).by_key(email_key)
    if owner is not None and not owner.is_active:
        await offer_return(db, letters, owner, now=now)
    if owner is None:
        await letters.send_no_account(db, recipient=email, now=now)
