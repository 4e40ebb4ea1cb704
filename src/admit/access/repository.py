from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.models import AccessVersionRow, FeatureRow, GrantRow
from admit.accounts.models import User


class Features:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[FeatureRow]:
        """Also the retired ones, in their order."""
        rows = await self.db.scalars(select(FeatureRow).order_by(FeatureRow.position))
        return rows.all()

    async def by_key(self, key: str) -> FeatureRow | None:
        row = await self.db.get(FeatureRow, key)
        return None if row is None or row.retired else row

    async def with_grants_of(self, user_id: str) -> Sequence[tuple[FeatureRow, GrantRow | None]]:
        """Every feature in use, beside each grant of the person that names it."""
        rows = await self.db.execute(
            select(FeatureRow, GrantRow)
            .outerjoin(
                GrantRow, and_(GrantRow.feature == FeatureRow.key, GrantRow.user_id == user_id)
            )
            .where(FeatureRow.retired.is_(False))
            .order_by(FeatureRow.position, GrantRow.starts_at)
        )
        return [(feature, grant) for feature, grant in rows]


class Grants:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_source(self, source: str, source_id: str) -> Sequence[GrantRow]:
        rows = await self.db.scalars(
            select(GrantRow)
            .where(GrantRow.source == source, GrantRow.source_id == source_id)
            .order_by(GrantRow.starts_at)
        )
        return rows.all()

    async def by_id(self, grant_id: str) -> GrantRow | None:
        return await self.db.get(GrantRow, grant_id)

    async def due_for_review(self, now: datetime) -> Sequence[tuple[str, str]]:
        rows = await self.db.execute(
            select(GrantRow.source, GrantRow.source_id)
            .where(
                GrantRow.review_at <= now,
                GrantRow.revoked_at.is_(None),
                or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now),
            )
            .distinct()
            .order_by(GrantRow.source, GrantRow.source_id)
        )
        return [(source, source_id) for source, source_id in rows]


class People:
    """What access needs to know of a person."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def standing(self, user_id: str) -> tuple[bool, bool, int]:
        """Whether active, whether confirmed, and the version of the person's grants."""
        found = await self.db.execute(
            select(User.is_active, User.verified_at, AccessVersionRow.version)
            .outerjoin(AccessVersionRow, AccessVersionRow.user_id == User.id)
            .where(User.id == user_id)
        )
        row = found.one_or_none()
        if row is None:
            return False, False, 0
        is_active, verified_at, version = row
        return is_active, verified_at is not None, version or 0

    async def count_change(self, user_id: str) -> None:
        first = {"user_id": user_id, "version": 1}
        dialect = self.db.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        await self.db.execute(
            insert(AccessVersionRow)
            .values(first)
            .on_conflict_do_update(
                index_elements=[AccessVersionRow.user_id],
                set_={"version": AccessVersionRow.version + 1},
            )
        )
