"""What happened around an account, as its owner reads it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.devices.words import in_words
from admit.accounts.history.repository import CLOSED, History
from admit.accounts.history.words import METHODS, said
from admit.accounts.models import User

PAGE = 25


@dataclass(frozen=True)
class Happening:
    id: str
    sentence: str
    tone: str
    """"plain", "good" or "warning"."""
    method: str | None
    device: str | None
    ip: str | None
    occurred_at: datetime


@dataclass(frozen=True)
class HistoryPage:
    happenings: list[Happening]
    older: str | None
    """The id to ask for what came before; None at the end."""


async def history_of(db: AsyncSession, user_id: str, *, before: str | None = None) -> HistoryPage:
    """Newest first. `before` that is nobody's, or somebody else's, begins at the newest."""
    history = History(db)
    moment = await history.moment_of(user_id, before) if before else None
    place = (moment, before) if moment is not None and before else None
    events = await history.of(user_id, before=place, limit=PAGE + 1)
    shown = [_happening(event) for event in events[:PAGE]]
    return HistoryPage(shown, older=shown[-1].id if len(events) > PAGE else None)


async def was_open(db: AsyncSession, user: User, at: datetime) -> bool:
    """Whether the account existed then and was not closed. `at` is wall time."""
    if user.created_at > at:
        return False
    return await History(db).last_turn(user.id, by=at) not in CLOSED


def _happening(event: SecurityEvent) -> Happening:
    told = said(event.what)
    sentence = told.sentence
    if event.detail:
        sentence = f"{sentence}: {event.detail}"
    by_machine = event.ip in {"", "terminal", "unknown"}
    return Happening(
        id=event.id,
        sentence=sentence,
        tone=told.tone,
        method=METHODS.get(event.method),
        device=in_words(event.user_agent) if event.user_agent else None,
        ip=None if by_machine else event.ip,
        occurred_at=event.occurred_at,
    )
