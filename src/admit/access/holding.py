"""What becomes of a source's grants when it grants anew, or stops: changes to rows, no database.

Each period of a source is a row of its own, so that the rows are the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from admit.access.models import GrantRow
from admit.core.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a source grants from `starts_at` on. Times are business time."""

    user_id: str
    source: str
    source_id: str
    features: Mapping[str, int | None]
    """What it opens, each with its limit; None: without one."""
    starts_at: datetime
    ends_at: datetime | None
    review_at: datetime | None
    now: datetime
    reason: str


def bring_in_line(rows: Sequence[GrantRow], wanted: Wanted) -> list[GrantRow]:
    """Change `rows`, all of the source's, to what is wanted; the grants that it lacks."""
    present = {row.feature: row for row in rows if row.starts_at == wanted.starts_at}
    for row in rows:
        if row.feature not in wanted.features:
            revoke(row, at=wanted.now, reason=wanted.reason)
        elif row.starts_at < wanted.starts_at:
            end_before(row, wanted.starts_at)
        elif row.starts_at > wanted.starts_at:
            revoke(row, at=row.starts_at, reason="Not what the source says any more.")
        else:
            renew(row, wanted)
    return [new_grant(feature, wanted) for feature in wanted.features if feature not in present]


def new_grant(feature: str, wanted: Wanted) -> GrantRow:
    return GrantRow(
        id=new_id("grt"),
        user_id=wanted.user_id,
        feature=feature,
        source=wanted.source,
        source_id=wanted.source_id,
        limit=wanted.features[feature],
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        review_at=wanted.review_at,
        reason=wanted.reason,
        created_at=wanted.now,
    )


def renew(row: GrantRow, wanted: Wanted) -> None:
    row.user_id = wanted.user_id
    row.limit = wanted.features[row.feature]
    row.ends_at = wanted.ends_at
    row.review_at = wanted.review_at
    row.reason = wanted.reason
    row.revoked_at = None
    row.revoked_reason = None


def end_before(row: GrantRow, moment: datetime) -> None:
    """An earlier period gives way to the next one; it is never prolonged up to it."""
    if row.ends_at is None or row.ends_at > moment:
        row.ends_at = moment
    row.review_at = None


def revoke(row: GrantRow, *, at: datetime, reason: str) -> None:
    """Closed from `at` on. What had ended before keeps its end, and the earliest word stands."""
    row.review_at = None
    ended = row.ends_at is not None and row.ends_at <= at
    if ended or (row.revoked_at is not None and row.revoked_at <= at):
        return
    row.revoked_at = at
    row.revoked_reason = reason
