"""The rows are the history: what was answered at any moment is answered again long afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from admit.access.decision import Decision, Grant, may, may_as_of
from admit.access.holding import Wanted, bring_in_line, close, is_over
from admit.access.models import GrantRow
from tests.access.people import june

FEATURES = ("premium", "exports")


@dataclass(frozen=True)
class Says:
    """What one of two sources says, so many hours after the word before; None: that it ended."""

    source: str
    hours_later: int
    features: dict[str, int | None] | None
    ends_in: int | None
    reason: str


words = st.builds(
    Says,
    source=st.sampled_from(("sub_1", "sub_2")),
    hours_later=st.integers(0, 3),
    features=st.none() | st.dictionaries(st.sampled_from(FEATURES), st.none() | st.integers(1, 3)),
    ends_in=st.none() | st.integers(-1, 4),
    reason=st.sampled_from(("paid", "grace")),
)


@given(said=st.lists(words, max_size=8))
def test_the_past_answers_as_it_did(said: list[Says]) -> None:
    rows: list[GrantRow] = []
    answered: dict[tuple[datetime, str], Decision] = {}
    for now, following, word in at_their_times(said):
        hear(rows, word, now)
        for moment in hours_between(now, following):
            for feature in FEATURES:
                answered[moment, feature] = may(moment, grants_of(rows), feature)

    for (moment, feature), answer in answered.items():
        again = may_as_of(moment, grants_of(rows), feature)
        assert (again.allowed, again.reason, again.limit) == (
            answer.allowed,
            answer.reason,
            answer.limit,
        )


def at_their_times(said: Sequence[Says]) -> Iterator[tuple[datetime, datetime, Says]]:
    """Each word with its moment and that of the next one."""
    moment = june(1)
    moments = []
    for word in said:
        moment += timedelta(hours=word.hours_later)
        moments.append(moment)
    yield from zip(moments, [*moments[1:], moment + timedelta(hours=6)], said, strict=False)


def hear(rows: list[GrantRow], word: Says, now: datetime) -> None:
    standing = [
        row
        for row in rows
        if row.source_id == word.source and (row.starts_at >= now or not is_over(row, now))
    ]
    if word.features is None:
        for row in standing:
            close(row, at=now, reason="canceled")
        return
    ends_at = None if word.ends_in is None else now + timedelta(hours=word.ends_in)
    rows += bring_in_line(standing, wanted(word, word.features, ends_at, now))


def wanted(
    word: Says, features: dict[str, int | None], ends_at: datetime | None, now: datetime
) -> Wanted:
    return Wanted(
        user_id="ada",
        source="subscription",
        source_id=word.source,
        features=features,
        ends_at=ends_at,
        review_at=None,
        now=now,
        reason=word.reason,
    )


def hours_between(begin: datetime, end: datetime) -> Iterator[datetime]:
    while begin < end:
        yield begin
        begin += timedelta(hours=0.5)


def grants_of(rows: Sequence[GrantRow]) -> list[Grant]:
    return [
        Grant(
            feature=row.feature,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            revoked_at=row.revoked_at,
            limit=row.limit,
        )
        for row in rows
    ]
