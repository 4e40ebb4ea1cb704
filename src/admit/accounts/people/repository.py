from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import Role, User


class People:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def count_admins(self) -> int:
        """That can sign in. Their rows are locked, so that two cannot step down at once."""
        active = select(User.id).where(User.role == Role.admin, User.is_active).order_by(User.id)
        return len(list(await self.db.scalars(active.with_for_update())))

    async def staff(self) -> list[User]:
        """Who work here and can sign in."""
        roles = [role for role in Role if role.covers(Role.staff)]
        working = select(User).where(
            User.role.in_(roles), User.is_active, User.verified_at.is_not(None)
        )
        return list(await self.db.scalars(working.order_by(User.id)))

    async def found(self, text: str, *, limit: int) -> list[User]:
        """Newest first; those whose address or name holds `text`."""
        pattern = f"%{text.casefold().replace('%', '').replace('_', '')}%"
        holds = or_(
            User.email_key.like(pattern),
            func.lower(User.first_name).like(pattern),
            func.lower(User.last_name).like(pattern),
        )
        question = select(User).order_by(User.created_at.desc(), User.id.desc()).limit(limit)
        return list(await self.db.scalars(question.where(holds) if text else question))
