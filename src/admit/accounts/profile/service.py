from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.profile import newsletter
from admit.accounts.profile.forms import Wishes
from admit.accounts.profile.handles import key_of
from admit.accounts.profile.models import Profile
from admit.accounts.profile.repository import UPLOAD, Pictures, Profiles
from admit.accounts.repository import Users
from admit.core.errors import InvalidInput

HANDLE_TAKEN = {"handle": "That handle is taken. Choose another one."}


@dataclass(frozen=True)
class Shown:
    """A person and their profile, as their own page shows them."""

    user: User
    profile: Profile
    picture_source: str | None
    """"upload", a provider, or None for initials."""

    @property
    def has_upload(self) -> bool:
        return self.picture_source == UPLOAD


async def profile_of(db: AsyncSession, user_id: str) -> Shown | None:
    user = await Users(db).by_id(user_id)
    if user is None:
        return None
    profile = await Profiles(db).of(user_id) or Profile(user_id=user_id, newsletter=False)
    picture = await Pictures(db).shown(user_id)
    return Shown(user, profile, picture[1] if picture else None)


async def change_profile(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    wishes: Wishes,
    *,
    caller: Caller,
    now: datetime,
) -> User:
    """Raises `InvalidInput` when the handle is somebody else's."""
    user, profiles = await Users(db).fresh(user_id), Profiles(db)
    await profiles.make(user_id)
    await _put(profiles, user_id, wishes, now=now)
    user.first_name, user.last_name = wishes.first_name, wishes.last_name
    what, method = Outcome.profile_changed, Method.session
    note(db, what, user_id=user_id, method=method, caller=caller, now=now)
    joined = await newsletter.choose(
        db,
        user_id,
        wants=wishes.newsletter,
        place=newsletter.Place.profile,
        caller=caller,
        now=now,
    )
    if joined and wishes.newsletter:
        await newsletter.welcome(db, letters, user, now=now)
    return user


async def _put(profiles: Profiles, user_id: str, wishes: Wishes, *, now: datetime) -> None:
    handle_key = key_of(wishes.handle) if wishes.handle else None
    if handle_key and await profiles.is_taken(handle_key, but_by=user_id):
        raise InvalidInput(HANDLE_TAKEN)
    values = {
        "display_name": wishes.display_name,
        "handle": wishes.handle,
        "handle_key": handle_key,
        "time_zone": wishes.time_zone,
        "locale": wishes.locale,
        "updated_at": now,
    }
    try:
        await profiles.change(user_id, values)
    except IntegrityError:
        # Somebody else took it between the question and now.
        raise InvalidInput(HANDLE_TAKEN) from None
