"""The first administrator: by a link that works once, or from the terminal."""

from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.errors import EmailTaken
from admit.accounts.models import Role, User
from admit.accounts.password.service import Passwords
from admit.accounts.repository import Users
from admit.accounts.setup.models import SetupLink
from admit.accounts.setup.repository import SetupLinks
from admit.accounts.sign_up.forms import Newcomer, PersonFields
from admit.core.config import Settings
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

LINK_LIFE = timedelta(hours=24)
TERMINAL = Caller(ip="terminal", user_agent="")


class LinkState(Enum):
    ready = "ready"
    expired = "expired"
    used = "used"


async def make_setup_link(db: AsyncSession, now: datetime) -> str | None:
    """The token for `/setup/{token}`; None once an administrator exists.

    The newest works only: whoever reads an old log finds a dead one.
    """
    if await Users(db).has_admin():
        return None
    await SetupLinks(db).forget_unused()
    token = new_token()
    db.add(
        SetupLink(
            id=new_id("set"),
            token_hash=hash_token(token),
            created_at=now,
            ends_at=now + LINK_LIFE,
        )
    )
    return token


async def look_at_link(db: AsyncSession, token: str, *, now: datetime) -> LinkState:
    if await Users(db).has_admin():
        return LinkState.used
    link = await SetupLinks(db).by_token(hash_token(token))
    if link is None or link.ends_at <= now:
        return LinkState.expired
    return LinkState.used if link.used_at is not None else LinkState.ready


async def set_up(
    db: AsyncSession,
    token: str,
    newcomer: Newcomer,
    *,
    password_hash: str,
    caller: Caller,
    now: datetime,
) -> User | None:
    """The administrator for the one use that was in time; raises `EmailTaken`."""
    if await look_at_link(db, token, now=now) is not LinkState.ready:
        return None
    if not await SetupLinks(db).use(hash_token(token), now=now):
        return None
    return await _add_admin(
        db,
        newcomer,
        password_hash=password_hash,
        method=Method.setup_link,
        caller=caller,
        now=now,
    )


async def create_admin(
    db: AsyncSession,
    passwords: Passwords,
    settings: Settings,
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: str,
    now: datetime,
) -> User:
    """From the terminal, also when there are administrators already.

    Raises `InvalidInput` (sentences by field) and `EmailTaken`.
    """
    fields = PersonFields(
        email=email, first_name=first_name, last_name=last_name, password=password
    )
    newcomer = fields.checked(settings)
    password_hash = await passwords.hash(newcomer.password)
    return await _add_admin(
        db,
        newcomer,
        password_hash=password_hash,
        method=Method.terminal,
        caller=TERMINAL,
        now=now,
    )


async def _add_admin(
    db: AsyncSession,
    newcomer: Newcomer,
    *,
    password_hash: str,
    method: Method,
    caller: Caller,
    now: datetime,
) -> User:
    """Confirmed at once: whoever runs the server needs no mail to be believed."""
    user_id = new_id("usr")
    added = await Users(db).add(
        {
            "id": user_id,
            "email": newcomer.address.email,
            "email_key": newcomer.address.key,
            "first_name": newcomer.first_name,
            "last_name": newcomer.last_name,
            "password_hash": password_hash,
            "role": Role.admin,
            "is_active": True,
            "verified_at": now,
            "created_at": now,
        }
    )
    if not added:
        raise EmailTaken
    note(db, Outcome.admin_created, user_id=user_id, method=method, caller=caller, now=now)
    return await Users(db).fresh(user_id)
