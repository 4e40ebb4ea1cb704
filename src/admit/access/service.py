"""Features, who holds them, and the one question: may this person use this feature?

`now` is business time everywhere: grants move with the time machine.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access import decision
from admit.access.decision import NOTHING_KNOWN, Decision
from admit.access.errors import UnknownFeature, UnknownGrant
from admit.access.holding import Wanted, bring_in_line, close, is_over
from admit.access.models import LEVEL, FeatureRow, GrantRow, Source
from admit.access.repository import Features, Grants, Holding, People
from admit.core.ids import new_id

STAFF = Source.staff
ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class FeatureDefinition:
    key: str
    name: str
    description: str
    open_to_all: bool = False


@dataclass(frozen=True, kw_only=True)
class Access:
    """All that is decided about one person at one moment."""

    user_id: str
    version: int
    """Counts the changes of the person's grants."""
    decisions: Mapping[str, Decision]
    """One for every feature in use, in their order."""
    level: int
    """The highest of the plans that they have; 0 without one."""
    is_confirmed: bool
    """Of a person who may come in at all and whose address is confirmed."""
    changes_at: datetime | None
    """Before this moment no decision changes by time alone; None: never."""

    @property
    def features(self) -> frozenset[str]:
        return frozenset(key for key, decided in self.decisions.items() if decided.allowed)


async def define_features(db: AsyncSession, definitions: Sequence[FeatureDefinition]) -> None:
    """Makes the features in use equal to these; others are retired, their grants stay."""
    rows = {row.key: row for row in await Features(db).all() if row.key != LEVEL}
    for position, definition in enumerate(definitions):
        row = rows.pop(definition.key, None) or FeatureRow(key=definition.key)
        row.name = definition.name
        row.description = definition.description
        row.open_to_all = definition.open_to_all
        row.position = position
        row.retired = False
        db.add(row)
    for row in rows.values():
        row.retired = True
    await db.flush()


async def features_in_use(db: AsyncSession) -> list[FeatureDefinition]:
    rows = [row for row in await Features(db).all() if row.key != LEVEL]
    return [_definition(row) for row in rows if not row.retired]


async def feature_by_key(db: AsyncSession, key: str) -> FeatureDefinition | None:
    row = await Features(db).by_key(key)
    return None if row is None or key == LEVEL else _definition(row)


async def hold(
    db: AsyncSession,
    *,
    user_id: str,
    source: str,
    source_id: str,
    features: Mapping[str, int | None],
    ends_at: datetime | None,
    review_at: datetime | None,
    now: datetime,
    reason: str,
    level: int = 0,
) -> None:
    """From `now` on this source grants exactly this; doing so twice changes nothing more.

    `features` go with their limits (None: without one), `level` is that of the plan. A feature
    that is not listed is closed; one that was closed is opened anew. `ends_at` is a hard end,
    `review_at` a soft one.
    """
    wanted = Wanted(
        user_id=user_id,
        source=source,
        source_id=source_id,
        features={**features, LEVEL: level} if level else features,
        ends_at=ends_at,
        review_at=review_at,
        now=now,
        reason=reason,
    )
    rows = await Grants(db).standing(source, source_id, now)
    holders = [row.user_id for row in rows]
    added = bring_in_line(rows, wanted)
    concerned = {holder for holder, row in zip(holders, rows, strict=True) if db.is_modified(row)}
    if concerned or added:
        concerned.add(user_id)
    db.add_all(added)
    await _count_changes(db, concerned)


async def features_held(
    db: AsyncSession, *, source: str, source_id: str, now: datetime
) -> frozenset[str]:
    """What this source grants now."""
    rows = await Grants(db).standing(source, source_id, now)
    return frozenset(row.feature for row in rows if not is_over(row, now))


async def release(
    db: AsyncSession, *, source: str, source_id: str, now: datetime, reason: str
) -> None:
    """From `now` on this source grants nothing; what had ended before stays as it was."""
    rows = await Grants(db).standing(source, source_id, now)
    for row in rows:
        close(row, at=now, reason=reason)
    await _count_changes(db, {row.user_id for row in rows if db.is_modified(row)})


async def grant(
    db: AsyncSession,
    *,
    user_id: str,
    feature: str,
    until: datetime | None,
    reason: str,
    now: datetime,
    limit: int | None = None,
    granted_by: str | None = None,
) -> str:
    """The id of a grant by staff; `granted_by` is who it was. Raises `UnknownFeature`."""
    if await feature_by_key(db, feature) is None:
        raise UnknownFeature
    grant_id = new_id("grt")
    row = GrantRow(
        id=grant_id,
        user_id=user_id,
        feature=feature,
        source=STAFF,
        source_id=grant_id,
        limit=limit,
        starts_at=now,
        ends_at=until,
        reason=reason,
        granted_by=granted_by,
        created_at=now,
    )
    db.add(row)
    await _count_changes(db, {user_id})
    return grant_id


async def revoke(
    db: AsyncSession,
    *,
    grant_id: str,
    reason: str,
    now: datetime,
    revoked_by: str | None = None,
) -> None:
    """Takes back what staff granted; grants of other sources end with their source.

    Raises `UnknownGrant`, also for what is over already.
    """
    row = await Grants(db).by_id(grant_id)
    if row is None or row.source != STAFF or is_over(row, now):
        raise UnknownGrant
    close(row, at=now, reason=reason)
    row.revoked_by = revoked_by
    await _count_changes(db, {row.user_id})


async def begin_by_now(db: AsyncSession, now: datetime) -> None:
    """The time machine is back in the present: what staff granted in its future has begun."""
    rows = await Grants(db).later_than(now, source=STAFF)
    for row in rows:
        row.starts_at = now
    await _count_changes(db, {row.user_id for row in rows})


async def access_of(db: AsyncSession, user_id: str, now: datetime) -> Access:
    """Nobody who is inactive or unknown may use anything."""
    grants: dict[str, list[decision.Grant]] = {}
    version, is_confirmed = 0, False
    for holding in await People(db).holdings(user_id):
        own = grants.setdefault(holding.feature, [])
        version = holding.version or 0
        if not holding.is_active:
            continue
        is_confirmed = holding.verified_at is not None
        if holding.grant_id is not None:
            own.append(_as_granted(holding))
        if holding.open_to_all and is_confirmed:
            own.append(decision.Grant(feature=holding.feature, starts_at=ALWAYS))
    decisions = {key: decision.may(now, own, key) for key, own in grants.items()}
    return Access(
        user_id=user_id,
        version=version,
        level=decisions.pop(LEVEL, NOTHING_KNOWN).limit or 0,
        is_confirmed=is_confirmed,
        decisions=decisions,
        changes_at=next_change((grant for own in grants.values() for grant in own), now),
    )


async def features_of(db: AsyncSession, user_id: str, now: datetime) -> frozenset[str]:
    return (await access_of(db, user_id, now)).features


async def may(db: AsyncSession, user_id: str, feature: str, now: datetime) -> Decision:
    """An unknown feature is open to nobody."""
    access = await access_of(db, user_id, now)
    return access.decisions.get(feature, NOTHING_KNOWN)


async def due_for_review(db: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """The (source, source id) whose soft end has come and that nobody has looked at since."""
    return list(await Grants(db).due_for_review(now))


def next_change(grants: Iterable[decision.Grant], now: datetime) -> datetime | None:
    moments = (
        moment
        for grant in grants
        for moment in (grant.starts_at, grant.ends_at, grant.revoked_at)
        if moment is not None and moment > now
    )
    return min(moments, default=None)


async def _count_changes(db: AsyncSession, user_ids: Collection[str]) -> None:
    await db.flush()
    for user_id in sorted(user_ids):
        await People(db).count_change(user_id)


def _as_granted(holding: Holding) -> decision.Grant:
    return decision.Grant(
        feature=holding.feature,
        starts_at=holding.starts_at,
        ends_at=holding.ends_at,
        revoked_at=holding.revoked_at,
        limit=holding.limit,
    )


def _definition(row: FeatureRow) -> FeatureDefinition:
    return FeatureDefinition(
        key=row.key, name=row.name, description=row.description, open_to_all=row.open_to_all
    )
