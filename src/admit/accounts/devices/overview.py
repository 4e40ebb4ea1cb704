"""The devices page: where somebody is signed in, and ending that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.devices.repository import KnownDevices
from admit.accounts.devices.words import in_words, is_phone
from admit.accounts.person import Person
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sessions.repository import Sessions
from admit.accounts.sessions.service import end_all
from admit.core.crypto import hash_token


@dataclass(frozen=True)
class Device:
    """A session, as its owner sees it."""

    session_id: str
    name: str
    is_phone: bool
    is_program: bool
    is_this_one: bool
    ip: str
    since: datetime
    last_seen_at: datetime


async def devices_of(db: AsyncSession, person: Person, *, now: datetime) -> list[Device]:
    """The one that asks first, then by when they were last seen."""
    sessions = await Sessions(db).alive(person.id, now=now)
    found = [
        Device(
            session_id=session.id,
            name=in_words(session.user_agent),
            is_phone=is_phone(session.user_agent),
            is_program=session.kind == SessionKind.api,
            is_this_one=session.id == person.session_id,
            ip=session.ip,
            since=session.created_at,
            last_seen_at=session.last_seen_at,
        )
        for session in sessions
    ]
    return sorted(found, key=lambda device: not device.is_this_one)


async def end_device(
    db: AsyncSession, person: Person, session_id: str, *, caller: Caller, now: datetime
) -> bool:
    """False when there is no such session of theirs."""
    agent = await Sessions(db).end_of(person.id, session_id)
    if agent is None:
        return False
    note(
        db,
        Outcome.device_ended,
        user_id=person.id,
        method=Method.session,
        caller=caller,
        now=now,
        detail=in_words(agent),
    )
    return True


async def end_others(
    db: AsyncSession,
    person: Person,
    *,
    device_token: str | None,
    caller: Caller,
    now: datetime,
) -> None:
    """Whoever comes back is a stranger: their owner is told, and limits hold them back."""
    await end_all(db, person.id, but=person.session_id)
    this_one = hash_token(device_token) if device_token else None
    await KnownDevices(db).forget(person.id, but=this_one)
    what, method = Outcome.other_devices_ended, Method.session
    note(db, what, user_id=person.id, method=method, caller=caller, now=now)
