"""People and what they may hold, put straight into a database."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import FeatureDefinition, define_features, hold
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

COMMUNITY = FeatureDefinition(
    key="community", name="Community", description="Talk.", open_to_all=True
)
PREMIUM = FeatureDefinition(key="premium", name="Premium area", description="Behind the door.")
EXPORTS = FeatureDefinition(key="exports", name="Exports", description="Take it with you.")
FEATURES = (COMMUNITY, PREMIUM, EXPORTS)


def june(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


async def add_person(
    db: AsyncSession,
    name: str = "ada",
    *,
    is_verified: bool = True,
    is_active: bool = True,
) -> User:
    now = june(1)
    user = User(
        id=new_id("usr"),
        email=f"{name}@example.test",
        email_key=f"{name}@example.test",
        first_name=name.capitalize(),
        last_name="Lovelace",
        is_active=is_active,
        verified_at=now if is_verified else None,
        created_at=now,
    )
    db.add(user)
    await db.flush()
    return user


async def add_session(db: AsyncSession, user: User, *, now: datetime) -> str:
    """The token of a browser that is signed in."""
    token = new_token()
    db.add(
        Session(
            id=new_id("ses"),
            token_hash=hash_token(token),
            user_id=user.id,
            method="password",
            created_at=now,
            last_seen_at=now,
            idle_ends_at=now + timedelta(days=14),
            ends_at=now + timedelta(days=30),
            ip="192.0.2.1",
            user_agent="test",
        )
    )
    await db.flush()
    return token


async def add_features(db: AsyncSession) -> None:
    await define_features(db, FEATURES)


async def hold_period(
    db: AsyncSession,
    user_id: str,
    *,
    now: datetime,
    features: Collection[str] | Mapping[str, int | None] = ("premium",),
    level: int = 0,
    ends_at: datetime | None = None,
    review_at: datetime | None = None,
    reason: str = "paid",
) -> None:
    """What a subscription says at that moment."""
    await hold(
        db,
        user_id=user_id,
        source="subscription",
        source_id="sub_1",
        features=features if isinstance(features, Mapping) else dict.fromkeys(features),
        level=level,
        ends_at=ends_at,
        review_at=review_at,
        now=now,
        reason=reason,
    )
