from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome, SecurityEvent
from admit.accounts.caller import Caller
from admit.core.ids import new_id


class Method(StrEnum):
    password = "password"  # noqa: S105 - the name of a method
    code = "code"
    link = "link"
    setup_link = "setup_link"
    terminal = "terminal"
    session = "session"


def note(
    db: AsyncSession,
    outcome: Outcome,
    *,
    user_id: str | None,
    method: Method,
    caller: Caller,
    now: datetime,
) -> None:
    """One row an outcome, in the transaction of the outcome: neither exists without the other."""
    db.add(
        SecurityEvent(
            id=new_id("sec"),
            user_id=user_id,
            what=outcome,
            method=method,
            occurred_at=now,
            ip=caller.ip,
            user_agent=caller.user_agent,
        )
    )
