"""What becomes of a source's grants when it grants anew, or stops: changes to rows, no database.

A row is a stretch of time in which a source opened one feature in one way. It begins when it is
written, and what is closed stays closed: who gains access again gets another row. So the rows are
the history of what was answered, with its gaps, and any past moment can be asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from admit.access.models import GrantRow
from admit.core.ids import new_id

NOT_INCLUDED: Final = "not_included"
"""The code for an end that came because the source grants other things now, or to somebody else."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a source grants from `now` on. Times are business time."""

    user_id: str
    source: str
    source_id: str
    features: Mapping[str, int | None]
    """What it opens, each with its limit; None: without one."""
    ends_at: datetime | None
    review_at: datetime | None
    now: datetime
    reason: str

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= self.now


def bring_in_line(rows: Sequence[GrantRow], wanted: Wanted) -> list[GrantRow]:
    """Change `rows`, all of the source's that are not over, to what is wanted; those it lacks."""
    if wanted.is_over:
        for row in rows:
            close(row, at=wanted.now, reason=wanted.reason)
        return []
    kept = {row.feature for row in rows if _goes_on(row, wanted)}
    return [new_grant(feature, wanted) for feature in wanted.features if feature not in kept]


def _goes_on(row: GrantRow, wanted: Wanted) -> bool:
    is_wanted = row.feature in wanted.features
    if is_wanted and row.starts_at >= wanted.now:
        # It has covered no time yet, so nobody was ever told of it.
        rewrite(row, wanted)
        return True
    if not is_wanted or row.user_id != wanted.user_id:
        close(row, at=wanted.now, reason=NOT_INCLUDED)
        return False
    if (row.limit, row.reason) != (wanted.features[row.feature], wanted.reason):
        give_way(row, wanted.now)
        return False
    row.ends_at, row.review_at = wanted.ends_at, wanted.review_at
    return True


def new_grant(feature: str, wanted: Wanted) -> GrantRow:
    row = GrantRow(id=new_id("grt"), feature=feature, source=wanted.source)
    row.source_id, row.created_at = wanted.source_id, wanted.now
    rewrite(row, wanted)
    return row


def rewrite(row: GrantRow, wanted: Wanted) -> None:
    row.user_id = wanted.user_id
    row.limit = wanted.features[row.feature]
    row.starts_at = wanted.now
    row.ends_at = wanted.ends_at
    row.review_at = wanted.review_at
    row.reason = wanted.reason
    row.revoked_at = None
    row.revoked_reason = None


def give_way(row: GrantRow, moment: datetime) -> None:
    """Another row says from here on how it goes on."""
    row.ends_at = moment
    row.review_at = None


def close(row: GrantRow, *, at: datetime, reason: str) -> None:
    """Access ends at `at`; what is over already keeps its end."""
    row.review_at = None
    if is_over(row, at):
        return
    row.revoked_at = at
    row.revoked_reason = reason


def is_over(row: GrantRow, moment: datetime) -> bool:
    return any(end is not None and end <= moment for end in (row.ends_at, row.revoked_at))
