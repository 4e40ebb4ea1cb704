"""Accounts elsewhere that open one here."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.oauth.events import PictureOffered
from admit.accounts.oauth.models import Identity
from admit.accounts.oauth.provider import Profile
from admit.accounts.oauth.repository import Identities
from admit.core.crypto import hash_token
from admit.core.events import record
from admit.core.ids import new_id


async def link(db: AsyncSession, user: User, profile: Profile, *, now: datetime) -> bool:
    """False when it opens an account already, or theirs has another one of this provider."""
    identity_id = new_id("idn")
    added = await Identities(db).add(
        {
            "id": identity_id,
            "user_id": user.id,
            "provider": profile.provider,
            "subject": profile.subject,
            "email": profile.email,
            "picture_url": profile.picture_url,
            "created_at": now,
        }
    )
    if added and profile.picture_url:
        await _offer_picture(db, identity_id, profile.picture_url, now=now)
    return added


async def refresh(db: AsyncSession, identity: Identity, profile: Profile, *, now: datetime) -> None:
    """What the provider tells at each sign-in, and a look at the picture when it is another."""
    identity.last_used_at = now
    identity.email = profile.email
    if profile.picture_url and profile.picture_url != identity.picture_url:
        await _offer_picture(db, identity.id, profile.picture_url, now=now)
    identity.picture_url = profile.picture_url


async def identity_named(db: AsyncSession, identity_id: str) -> Identity | None:
    return await Identities(db).by_id(identity_id)


async def _offer_picture(db: AsyncSession, identity_id: str, url: str, *, now: datetime) -> None:
    key = f"picture_offered:{identity_id}:{hash_token(url)[:16]}"
    await record(db, PictureOffered(identity_id=identity_id), now=now, key=key)
