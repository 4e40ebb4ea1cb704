from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, or_, select
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


class Grants:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def standing(self, source: str, source_id: str, now: datetime) -> Sequence[GrantRow]:
        """Those that are not over, and those that begin only now."""
        rows = await self.db.scalars(
            select(GrantRow)
            .where(
                GrantRow.source == source,
                GrantRow.source_id == source_id,
                or_(
                    GrantRow.starts_at >= now,
                    and_(
                        or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now),
                        or_(GrantRow.revoked_at.is_(None), GrantRow.revoked_at > now),
                    ),
                ),
            )
            .order_by(GrantRow.starts_at)
        )
        return rows.all()

    async def later_than(self, now: datetime, *, source: str) -> Sequence[GrantRow]:
        """Those of this source that have not begun."""
        rows = await self.db.scalars(
            select(GrantRow).where(GrantRow.source == source, GrantRow.starts_at > now)
        )
        return rows.all()

    async def begun(self, user_id: str, *, by: datetime) -> Sequence[GrantRow]:
        """The person's, newest first."""
        rows = await self.db.scalars(
            select(GrantRow)
            .where(GrantRow.user_id == user_id, GrantRow.starts_at <= by)
            .order_by(GrantRow.starts_at.desc(), GrantRow.id.desc())
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


class Holding(NamedTuple):
    """A feature in use, beside a grant of the person that names it, if there is one."""

    is_active: bool | None
    """Of the account; None when there is no such person."""
    verified_at: datetime | None
    version: int | None
    feature: str
    open_to_all: bool
    grant_id: str | None
    limit: int | None
    starts_at: datetime
    ends_at: datetime | None
    revoked_at: datetime | None


# Columns, and built once: every page asks it, and building it costs as much as asking.
HOLDINGS = (
    select(
        User.is_active,
        User.verified_at,
        AccessVersionRow.version,
        FeatureRow.key,
        FeatureRow.open_to_all,
        GrantRow.id,
        GrantRow.limit,
        GrantRow.starts_at,
        GrantRow.ends_at,
        GrantRow.revoked_at,
    )
    .select_from(FeatureRow)
    .outerjoin(User, User.id == bindparam("user_id"))
    .outerjoin(AccessVersionRow, AccessVersionRow.user_id == bindparam("user_id"))
    .outerjoin(
        GrantRow,
        and_(GrantRow.feature == FeatureRow.key, GrantRow.user_id == bindparam("user_id")),
    )
    .where(FeatureRow.retired.is_(False))
    .order_by(FeatureRow.position, GrantRow.starts_at)
)


class People:
    """What access needs to know of a person."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def holdings(self, user_id: str) -> Sequence[Holding]:
        """All that a decision needs, in one question."""
        rows = await self.db.execute(HOLDINGS, {"user_id": user_id})
        return [Holding._make(row) for row in rows]

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
