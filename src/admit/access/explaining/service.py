"""Why somebody may use a feature, or may not, now or at any moment that is past.

The same decision as everywhere else, over the rows as they were known then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.decision import Decision, Grant, may_as_of
from admit.access.explaining.chain import Link, Question, Telling
from admit.access.explaining.words import SOURCES, ended_because, reason_in_words
from admit.access.models import GrantRow
from admit.access.repository import Grants
from admit.access.service import FeatureDefinition, features_in_use
from admit.accounts.history.service import was_open
from admit.accounts.models import User
from admit.accounts.service import find_user


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A grant, for as long as it lasted."""

    id: str
    source: str
    source_id: str
    limit: int | None
    starts_at: datetime
    ends_at: datetime | None
    """When it ended or will end; None: nobody knows of an end."""
    reason: str
    ended_because: str | None
    """None when it ended by itself."""
    is_open: bool
    """At the moment that was asked about."""
    links: Sequence[Link] = ()
    """What it rests on, where the answer rests on it."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    feature: FeatureDefinition
    at: datetime
    decision: Decision
    account_was_open: bool
    rests_on: Sequence[Link]
    """From the source down to what told us of it."""
    stretches: Sequence[Stretch]
    """Everything that had begun by then, newest first."""


async def explain_all(
    db: AsyncSession, telling: Telling, user_id: str, *, at: datetime
) -> list[Explanation]:
    """For each feature in use. `at` is business time and not in the future."""
    user = await find_user(db, user_id)
    account_was_open = user is not None and await was_open(db, user, at)
    rows = await Grants(db).begun(user_id, by=at)
    inquiry = Inquiry(db, telling, at, user if account_was_open else None, rows)
    return [await inquiry.explain(feature) for feature in await features_in_use(db)]


@dataclass(frozen=True)
class Inquiry:
    db: AsyncSession
    telling: Telling
    at: datetime
    person: User | None
    """None when their account was closed: then nothing was open."""
    rows: Sequence[GrantRow]
    """Everything that had begun by then, newest first."""

    async def explain(self, feature: FeatureDefinition) -> Explanation:
        rows = [row for row in self.rows if row.feature == feature.key]
        grants = [_as_grant(row) for row in rows] if self.person else []
        links = []
        if self.person and feature.open_to_all and self.person.verified_at is not None:
            grants.append(Grant(feature=feature.key, starts_at=self.person.verified_at))
            links += self._open_to_everybody(self.person.verified_at)
        decision = may_as_of(self.at, grants, feature.key)
        for row in self._decisive(rows, decision):
            links += await self._links(row)
        return Explanation(
            feature=feature,
            at=self.at,
            decision=decision,
            account_was_open=self.person is not None,
            rests_on=links,
            stretches=[_stretch(row, self.at) for row in rows],
        )

    def _open_to_everybody(self, confirmed_at: datetime) -> list[Link]:
        if confirmed_at > self.at:
            return []
        day = self.telling.wording.day(confirmed_at)
        words = "It is open to everybody with a confirmed address."
        return [Link(kind="everybody", words=f"{words} Yours was confirmed on {day}.")]

    def _decisive(self, rows: Sequence[GrantRow], decision: Decision) -> list[GrantRow]:
        """What the answer rests on: the most generous open ones, or else what was open last."""
        if decision.allowed:
            return [row for row in rows if _is_open(row, self.at) and row.limit == decision.limit]
        return sorted(rows, key=lambda row: _end(row) or row.starts_at)[-1:]

    async def _links(self, row: GrantRow) -> Sequence[Link]:
        end = _end(row)
        is_over = end is not None and end <= self.at
        asked_about = end if end is not None and is_over else self.at
        question = Question(feature=row.feature, source_id=row.source_id, at=asked_about)
        explainer = self.telling.explainers.get(row.source)
        if explainer is None:
            told = [_reason(row)]
        else:
            told = list(await explainer(self.db, question, self.telling.wording))
        if end is not None and is_over:
            told.append(_ended(self.telling, row, end))
        return told


def _reason(row: GrantRow) -> Link:
    """Of a source that no slice of this release tells of."""
    words = f"{SOURCES.get(row.source, row.source)}: {reason_in_words(row.reason)}."
    return Link(kind=row.source, words=words, ref=row.source_id)


def _ended(telling: Telling, row: GrantRow, end: datetime) -> Link:
    moment = telling.wording.moment(end)
    why = f": {ended_because(row.revoked_reason)}" if row.revoked_reason else ""
    return Link(kind="end", words=f"That ended on {moment}{why}.", ref=row.id)


def _stretch(row: GrantRow, at: datetime) -> Stretch:
    end = _end(row)
    was_cut_short = row.revoked_at is not None and row.revoked_at == end
    return Stretch(
        id=row.id,
        source=row.source,
        source_id=row.source_id,
        limit=row.limit,
        starts_at=row.starts_at,
        ends_at=end,
        reason=row.reason,
        ended_because=row.revoked_reason if was_cut_short else None,
        is_open=_is_open(row, at),
    )


def _as_grant(row: GrantRow) -> Grant:
    return Grant(
        feature=row.feature,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        limit=row.limit,
    )


def _end(row: GrantRow) -> datetime | None:
    return min((end for end in (row.ends_at, row.revoked_at) if end is not None), default=None)


def _is_open(row: GrantRow, at: datetime) -> bool:
    end = _end(row)
    return row.starts_at <= at and (end is None or at < end)
