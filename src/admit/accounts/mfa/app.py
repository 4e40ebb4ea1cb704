"""The authenticator app: set up by scanning a secret, used by typing its codes."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.mfa import totp
from admit.accounts.mfa.repository import TotpApps
from admit.accounts.verification.confirmation import SIX_DIGITS, digits
from admit.core.crypto import Vault


async def begin(db: AsyncSession, vault: Vault, user_id: str, *, now: datetime) -> None:
    """A new secret to scan. An app that is in use stays so until the new one has shown a code."""
    pending = vault.seal(totp.new_secret(), purpose=_purpose(user_id))
    await TotpApps(db).begin(user_id, pending, now=now)


async def secret_to_scan(db: AsyncSession, vault: Vault, user_id: str) -> str | None:
    app = await TotpApps(db).of_user(user_id)
    return vault.unseal(app.pending, purpose=_purpose(user_id)) if app and app.pending else None


async def confirm(
    db: AsyncSession, vault: Vault, user_id: str, typed: str, *, now: datetime
) -> bool:
    """The app showed a code of the new secret; that code is used up, too."""
    apps = TotpApps(db)
    app = await apps.of_user(user_id)
    if app is None or app.pending is None:
        return False
    step = _matching(vault, user_id, app.pending, typed, now=now)
    return step is not None and await apps.confirm(user_id, app.pending, step=step)


async def use(db: AsyncSession, vault: Vault, user_id: str, typed: str, *, now: datetime) -> bool:
    """True for the one use of a code that the app shows around now."""
    apps = TotpApps(db)
    app = await apps.of_user(user_id)
    if app is None or app.sealed is None:
        return False
    step = _matching(vault, user_id, app.sealed, typed, now=now)
    return step is not None and await apps.use_step(user_id, step)


def _matching(vault: Vault, user_id: str, sealed: str, typed: str, *, now: datetime) -> int | None:
    code = digits(typed)
    if not SIX_DIGITS.match(code):
        return None
    secret = vault.unseal(sealed, purpose=_purpose(user_id))
    return totp.matching_step(secret, code, now=now)


def _purpose(user_id: str) -> str:
    """A secret that was copied to somebody else's row cannot be opened there."""
    return f"totp:{user_id}"
