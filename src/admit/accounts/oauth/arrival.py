"""Somebody comes from a provider: who they are here, and whether they are let in.

An account is found by the number that the person has at the provider, never by an address. An
address that the provider has confirmed opens a new account, or one that nobody has confirmed yet;
where it has an owner already, its owner has to sign in and agree first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address, address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.confirmed import address_confirmed
from admit.accounts.events import SignedUp
from admit.accounts.letters import Letters
from admit.accounts.models import Role, User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.oauth import takeover
from admit.accounts.oauth.identities import link, refresh
from admit.accounts.oauth.models import IdentityOffer
from admit.accounts.oauth.naming import names_of
from admit.accounts.oauth.provider import Profile
from admit.accounts.oauth.registry import LABELS
from admit.accounts.oauth.repository import Identities
from admit.accounts.repository import Users
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in.steps import Refused, SecondFactorNeeded, Welcome, proceed, refuse
from admit.accounts.sign_up.service import HeldBack, hold_back
from admit.core.crypto import hash_token, new_token
from admit.core.events import record
from admit.core.ids import new_id

OFFER_LIFE = timedelta(minutes=30)


@dataclass(frozen=True)
class Offered:
    """The address has its owner here: after signing in they may join the two."""

    token: str


@dataclass(frozen=True)
class WithoutAddress:
    """The provider has not confirmed an address of theirs, so none can be trusted."""


Arrival = Welcome | SecondFactorNeeded | Refused | HeldBack | Offered | WithoutAddress


async def arrive(
    db: AsyncSession,
    letters: Letters,
    profile: Profile,
    *,
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Arrival:
    method = Method(profile.provider)
    found: User | Arrival | None = await _known(db, profile, now=now)
    if found is None:
        found = await _stranger(db, letters, profile, browser=browser, now=now)
    if not isinstance(found, User):
        refuse(db, None, method=method, browser=browser, now=now)
        return found
    return await proceed(
        db,
        letters,
        found,
        method=method,
        next_path=next_path,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
    )


async def _known(db: AsyncSession, profile: Profile, *, now: datetime) -> User | None:
    identity = await Identities(db).at(profile.provider, profile.subject)
    if identity is None:
        return None
    await refresh(db, identity, profile, now=now)
    return await Users(db).by_id(identity.user_id)


async def _stranger(
    db: AsyncSession, letters: Letters, profile: Profile, *, browser: Browser, now: datetime
) -> User | Refused | HeldBack | Offered | WithoutAddress:
    theirs = address(profile.email) if profile.email else None
    if theirs is None:
        return WithoutAddress()
    if browser.caller.is_banned:
        return Refused()
    owner = await Identities(db).locked_owner(theirs.key)
    if owner is None:
        made = await _sign_up(db, profile, theirs, browser=browser, now=now)
        # Two tabs may bring the same newcomer at once, and the other one was first.
        found = made or await _known(db, profile, now=now)
        if found is not None:
            return found
        owner = await Identities(db).locked_owner(theirs.key)
    if owner is None or not owner.is_active:
        return Refused()
    if owner.is_verified:
        return await _offer(db, owner, profile, now=now)
    return await _take_over(db, letters, owner, profile, theirs, browser=browser, now=now)


async def _sign_up(
    db: AsyncSession, profile: Profile, theirs: Address, *, browser: Browser, now: datetime
) -> User | HeldBack | None:
    """None when the address got an account this very moment."""
    wait = await hold_back(db, caller=browser.caller, now=now)
    if wait is not None:
        return HeldBack(wait)
    user_id = new_id("usr")
    first_name, last_name = names_of(profile, theirs)
    added = await Users(db).add(
        {
            "id": user_id,
            "email": theirs.email,
            "email_key": theirs.key,
            "first_name": first_name,
            "last_name": last_name,
            "password_hash": None,
            "role": Role.member,
            "is_active": True,
            "verified_at": now,
            "created_at": now,
        }
    )
    if not added:
        return None
    user = await Users(db).fresh(user_id)
    await link(db, user, profile, now=now)
    event = SignedUp(user_id=user_id)
    await record(db, event, now=now, key=f"signed_up:{user_id}", subject=user_id)
    await address_confirmed(db, user, caller=browser.caller, now=now)
    method = Method(profile.provider)
    note(db, Outcome.signed_up, user_id=user_id, method=method, caller=browser.caller, now=now)
    return user


async def _offer(db: AsyncSession, owner: User, profile: Profile, *, now: datetime) -> Offered:
    token = new_token()
    db.add(
        IdentityOffer(
            token_hash=hash_token(token),
            user_id=owner.id,
            provider=profile.provider,
            subject=profile.subject,
            email=profile.email,
            picture_url=profile.picture_url,
            created_at=now,
            ends_at=now + OFFER_LIFE,
        )
    )
    return Offered(token)


async def _take_over(
    db: AsyncSession,
    letters: Letters,
    owner: User,
    profile: Profile,
    theirs: Address,
    *,
    browser: Browser,
    now: datetime,
) -> User:
    """Nobody had shown that the address is theirs; now somebody has."""
    await takeover.empty(db, owner, now=now)
    owner.email = theirs.email
    owner.first_name, owner.last_name = names_of(profile, theirs)
    await db.flush()
    await link(db, owner, profile, now=now)
    await address_confirmed(db, owner, caller=browser.caller, now=now)
    method, caller = Method(profile.provider), browser.caller
    what = Outcome.address_confirmed
    note(db, what, user_id=owner.id, method=method, caller=caller, now=now)
    linked = Change.provider_linked
    detail = LABELS[profile.provider]
    await tell_of_change(db, letters, owner, linked, caller=caller, now=now, detail=detail)
    return owner
