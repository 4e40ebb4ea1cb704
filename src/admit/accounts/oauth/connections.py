"""Connecting an account elsewhere to one's own here, and taking it off again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts import ways_in
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.oauth.errors import TakenElsewhere
from admit.accounts.oauth.identities import link
from admit.accounts.oauth.models import Identity, IdentityOffer
from admit.accounts.oauth.provider import Profile
from admit.accounts.oauth.registry import LABELS
from admit.accounts.oauth.repository import Identities, IdentityOffers
from admit.accounts.profile.avatars import forget_picture_of_provider
from admit.core.crypto import hash_token
from admit.core.errors import NotFound


async def connect(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    profile: Profile,
    *,
    caller: Caller,
    now: datetime,
) -> None:
    """Doing it twice changes nothing. Raises `TakenElsewhere`."""
    user = await _confirmed_user(db, user_id)
    if not await link(db, user, profile, now=now):
        known = await Identities(db).at(profile.provider, profile.subject)
        if known is None or known.user_id != user_id:
            raise TakenElsewhere
        return
    detail = described(profile.provider, profile.email)
    method = Method(profile.provider)
    note(db, Outcome.provider_linked, user_id=user_id, method=method, caller=caller, now=now)
    linked = Change.provider_linked
    await tell_of_change(db, letters, user, linked, caller=caller, now=now, detail=detail)


async def accept_offer(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    *,
    token: str | None,
    provider: str,
    caller: Caller,
    now: datetime,
) -> None:
    """Raises `NotFound` when this browser was offered nothing that is for this person."""
    offer = token and await IdentityOffers(db).take(hash_token(token), user_id=user_id, now=now)
    if not offer or offer.provider != provider:
        raise NotFound
    await connect(db, letters, user_id, _profile(offer), caller=caller, now=now)


async def offer_for(
    db: AsyncSession, token: str | None, *, user_id: str, now: datetime
) -> IdentityOffer | None:
    if token is None:
        return None
    return await IdentityOffers(db).find(hash_token(token), user_id=user_id, now=now)


async def disconnect(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    provider: str,
    *,
    caller: Caller,
    now: datetime,
) -> None:
    """Raises `LastWayIn` when nothing but mailed codes would be left, `NotFound` for no such."""
    user = await _confirmed_user(db, user_id)
    if provider not in {each.provider for each in await Identities(db).of(user_id)}:
        raise NotFound
    await ways_in.keep_the_last(db, user)
    removed = await Identities(db).remove(user_id, provider)
    if removed is None:
        raise NotFound
    await forget_picture_of_provider(db, user_id=user_id, provider=provider)
    method, detail = Method(provider), described(provider, removed.email)
    note(db, Outcome.provider_unlinked, user_id=user_id, method=method, caller=caller, now=now)
    unlinked = Change.provider_unlinked
    await tell_of_change(db, letters, user, unlinked, caller=caller, now=now, detail=detail)


async def connected(db: AsyncSession, user_id: str) -> list[Identity]:
    return await Identities(db).of(user_id)


def described(provider: str, email: str | None) -> str:
    label = LABELS.get(provider, provider)
    return f"{label} ({email})" if email else label


async def _confirmed_user(db: AsyncSession, user_id: str) -> User:
    """Nobody hangs anything on an account whose address they have not shown to be theirs."""
    user = await ways_in.locked(db, user_id)
    if user is None or not user.is_active or not user.is_verified:
        raise NotFound
    return user


def _profile(offer: IdentityOffer) -> Profile:
    return Profile(
        provider=offer.provider,
        subject=offer.subject,
        email=offer.email,
        first_name="",
        last_name="",
        picture_url=offer.picture_url,
    )
