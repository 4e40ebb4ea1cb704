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
    totp = "totp"
    recovery_code = "recovery_code"
    passkey = "passkey"
    google = "google"
    github = "github"
    staff = "staff"
    invitation = "invitation"
    mail_link = "mail_link"
    refresh_token = "refresh_token"  # noqa: S105 - the name of a method


def note(
    db: AsyncSession,
    outcome: Outcome,
    *,
    user_id: str | None,
    method: Method,
    caller: Caller,
    now: datetime,
    detail: str | None = None,
    actor_id: str | None = None,
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
            detail=detail,
            actor_id=actor_id,
        )
    )
