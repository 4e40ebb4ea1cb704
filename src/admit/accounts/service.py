"""What other slices may ask about people."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys import service as api_keys
from admit.accounts.devices.repository import KnownDevices
from admit.accounts.devices.service import REMEMBERED_FOR
from admit.accounts.email.repository import EmailChanges
from admit.accounts.limits.repository import LimitWindows
from admit.accounts.models import User
from admit.accounts.oauth.repository import IdentityOffers, OAuthAttempts
from admit.accounts.passkeys.repository import PasskeyChallenges
from admit.accounts.password.repository import PasswordResets
from admit.accounts.repository import Users
from admit.accounts.sessions.repository import Sessions
from admit.accounts.sign_in.repository import MailedCodes, SignInAttempts
from admit.accounts.tokens import service as tokens
from admit.accounts.verification.repository import Verifications
from admit.core.mail import forget_mails

MAILS_KEPT = timedelta(days=90)
"""As long as somebody may ask what we wrote to them, and to which of their addresses."""
KEPT_AFTER_END = timedelta(days=1)
"""A link outlives the browser that asked for it when it was mailed late."""


async def find_user(db: AsyncSession, user_id: str) -> User | None:
    return await Users(db).by_id(user_id)


async def prune(db: AsyncSession, *, now: datetime) -> None:
    """Takes away what has ended by itself; run it daily. The security history stays."""
    await Sessions(db).prune(now=now)
    await LimitWindows(db).prune(now=now)
    await SignInAttempts(db).prune(now=now)
    await MailedCodes(db).prune(ended_before=now - KEPT_AFTER_END)
    await Verifications(db).prune(ended_before=now - KEPT_AFTER_END)
    await KnownDevices(db).prune(unused_since=now - REMEMBERED_FOR)
    await PasswordResets(db).prune(now=now)
    await EmailChanges(db).prune(begun_before=now - MAILS_KEPT)
    await forget_mails(db, queued_before=now - MAILS_KEPT)
    await OAuthAttempts(db).prune(now=now)
    await IdentityOffers(db).prune(now=now)
    await PasskeyChallenges(db).prune(now=now)
    await tokens.prune(db, now=now)
    await api_keys.prune(db, now=now)
