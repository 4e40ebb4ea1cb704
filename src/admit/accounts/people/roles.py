"""Giving and taking roles; each change is in the history of the person and names who did it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.models import Role, User
from admit.accounts.people.errors import LastAdmin
from admit.accounts.people.repository import People


async def change_role(
    db: AsyncSession,
    user: User,
    role: Role,
    *,
    method: Method,
    caller: Caller,
    now: datetime,
    actor_id: str | None = None,
) -> bool:
    """False when they have it already. Raises `LastAdmin`."""
    if user.role == role:
        return False
    if user.role == Role.admin and user.is_active and await People(db).count_admins() <= 1:
        raise LastAdmin
    user.role = role
    note(
        db,
        Outcome.role_changed,
        user_id=user.id,
        method=method,
        caller=caller,
        now=now,
        detail=role,
        actor_id=actor_id,
    )
    return True
