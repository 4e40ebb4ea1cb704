"""Who is let in, and until when: pure functions of plain values.

No database, no clock, no Stripe object. `granted_until` turns what is known of a subscription
into the end of its grant; `may` answers from grants alone. Ranges are half open: a grant that
ends at noon does not count at noon. All times are aware.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

RENEWAL_LEEWAY: Final = timedelta(days=3)
"""Stripe's renewal invoice is a draft for an hour, and Stripe may be down: nobody who pays is
locked out for that."""


class Status(StrEnum):
    """Stripe's subscription statuses; a new one is a type error until it is decided here."""

    incomplete = "incomplete"
    incomplete_expired = "incomplete_expired"
    trialing = "trialing"
    active = "active"
    past_due = "past_due"
    canceled = "canceled"
    unpaid = "unpaid"
    paused = "paused"


class Basis(StrEnum):
    """Why a subscription grants."""

    paid = "paid"
    trial = "trial"
    grace = "grace"
    taken_back = "taken_back"
    """The money for what was open went back: closes it at once, without leeway or grace."""
    ended = "ended"
    """Canceled: closes what was granted before, opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one subscription.

    `paid_until`: the latest period end on a line of one of its paid invoices (Stripe marks an
    invoice of zero as paid) whose money did not go back; `None` when there is none. It may be
    earlier than `current_period_end`: the renewal is then not paid yet. `taken_back_at`: when the
    money for what reached further went back, by refunds or a lost dispute. `past_due_since`: when
    it last became past due, `None` again once it recovers.
    """

    status: Status
    current_period_end: datetime
    paid_until: datetime | None = None
    taken_back_at: datetime | None = None
    cancel_at_period_end: bool = False
    cancel_at: datetime | None = None
    ended_at: datetime | None = None
    past_due_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A subscription grants until this moment, not at it; it may already be over."""

    until: datetime
    basis: Basis


def granted_until(
    standing: Standing, *, grace: timedelta, leeway: timedelta = RENEWAL_LEEWAY
) -> Window | None:
    """The window that a subscription grants, `None` when it grants nothing.

    Only what is paid, on trial or of zero amount grants. A subscription set to cancel ends
    exactly then, without leeway; `grace` (the plan's) runs from the first failed payment.
    """
    match standing.status:
        case Status.trialing:
            return _live(standing, standing.current_period_end + leeway, Basis.trial)
        case Status.active:
            return _paid(standing, leeway)
        case Status.past_due:
            return _in_grace(standing, grace)
        case Status.canceled:
            return _ended(standing, grace)
        case Status.incomplete | Status.incomplete_expired | Status.unpaid | Status.paused:
            return None
        case _ as never:
            assert_never(never)


def _live(standing: Standing, until: datetime, basis: Basis) -> Window:
    """A date to cancel at caps every live window; it never prolongs one."""
    ends = [until]
    if standing.cancel_at_period_end:
        ends.append(standing.current_period_end)
    if standing.cancel_at is not None:
        ends.append(standing.cancel_at)
    return Window(until=min(ends), basis=basis)


def _paid(standing: Standing, leeway: timedelta) -> Window | None:
    """Active is not yet paid where Stripe sends invoices; and a renewal may be a draft."""
    if standing.taken_back_at is not None:
        return _live(standing, _kept_until(standing, standing.taken_back_at), Basis.taken_back)
    if standing.paid_until is None:
        return None
    covered = min(standing.paid_until, standing.current_period_end)
    return _live(standing, covered + leeway, Basis.paid)


def _in_grace(standing: Standing, grace: timedelta) -> Window | None:
    """Nobody is given grace for what follows on money that they took back."""
    if standing.past_due_since is None:
        return None
    until = standing.past_due_since + grace
    if standing.taken_back_at is not None:
        kept = _kept_until(standing, standing.taken_back_at)
        return _live(standing, min(until, kept), Basis.taken_back)
    return None if standing.paid_until is None else _live(standing, until, Basis.grace)


def _ended(standing: Standing, grace: timedelta) -> Window | None:
    """Stripe's word ends it; a grace that had run out before is not given back."""
    if standing.ended_at is None:
        return None
    until = standing.ended_at
    if standing.past_due_since is not None:
        until = min(until, standing.past_due_since + grace)
    if standing.taken_back_at is not None:
        until = min(until, _kept_until(standing, standing.taken_back_at))
    return Window(until=until, basis=Basis.ended)


def _kept_until(standing: Standing, taken_back_at: datetime) -> datetime:
    """What was open until the money went back is not closed in hindsight."""
    if standing.paid_until is None:
        return taken_back_at
    return max(taken_back_at, min(standing.paid_until, standing.current_period_end))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPeriod:
    """How far one paid invoice reaches, and when its money went back, if it did."""

    until: datetime
    taken_back_at: datetime | None = None


def paid_and_taken_back(
    periods: Iterable[PaidPeriod],
) -> tuple[datetime | None, datetime | None]:
    """`paid_until` and `taken_back_at` of a standing."""
    all_of_them = list(periods)
    kept = (period.until for period in all_of_them if period.taken_back_at is None)
    paid_until = max(kept, default=None)
    further = (
        period.taken_back_at
        for period in all_of_them
        if period.taken_back_at and (paid_until is None or period.until > paid_until)
    )
    return paid_until, max(further, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One feature from `starts_at` until `ends_at` (`None`: for ever) or until revoked.

    `limit`: how many of whatever the feature counts; `None`: as many as they like.
    """

    feature: str
    starts_at: datetime
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    limit: int | None = None


class Reason(StrEnum):
    """The code behind an answer; where several refusals apply, the one nearest to a yes."""

    granted = "granted"
    starts_later = "starts_later"
    revoked = "revoked"
    expired = "expired"
    never_granted = "never_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`until`: when allowed, the first moment no longer covered (`None`: for ever); else `None`.

    `limit`: that of the most generous grant that is open now (`None`: none at all); 0 when
    refused, so that who looks at nothing else lets nobody in.
    """

    allowed: bool
    reason: Reason
    limit: int | None
    until: datetime | None = None


NOTHING_KNOWN: Final = Decision(allowed=False, reason=Reason.never_granted, limit=0)


def may(now: datetime, grants: Iterable[Grant], feature: str) -> Decision:
    """Whether these grants open the feature now, why, and until when without a gap."""
    own = [grant for grant in grants if grant.feature == feature]
    open_now = [grant for grant in own if _covers(grant, now)]
    if not open_now:
        return Decision(allowed=False, reason=_refusal(own, now), limit=0)
    return Decision(
        allowed=True,
        reason=Reason.granted,
        limit=_most_generous(open_now),
        until=_covered_until(own, now),
    )


def may_as_of(moment: datetime, grants: Iterable[Grant], feature: str) -> Decision:
    """What `may` answered at a past moment; what was revoked since then was not known yet.

    `until` is when it was to end as far as is known today.
    """
    known = [grant for grant in grants if grant.starts_at <= moment]
    return may(moment, [_as_known(grant, moment) for grant in known], feature)


def _as_known(grant: Grant, moment: datetime) -> Grant:
    is_later = grant.revoked_at is not None and grant.revoked_at > moment
    return replace(grant, revoked_at=None) if is_later else grant


def _end(grant: Grant) -> datetime | None:
    ends = [end for end in (grant.ends_at, grant.revoked_at) if end is not None]
    return min(ends, default=None)


def _covers(grant: Grant, moment: datetime) -> bool:
    end = _end(grant)
    return grant.starts_at <= moment and (end is None or moment < end)


def _most_generous(grants: Iterable[Grant]) -> int | None:
    limits = [grant.limit for grant in grants]
    return None if None in limits else max(limit for limit in limits if limit is not None)


def _covered_until(grants: Sequence[Grant], now: datetime) -> datetime | None:
    """Follow the grants from one to the next that takes over at its end, or before."""
    until = now
    for grant in sorted(grants, key=lambda grant: grant.starts_at):
        if grant.starts_at > until:
            break
        end = _end(grant)
        if end is None:
            return None
        until = max(until, end)
    return until


def _refusal(grants: Sequence[Grant], now: datetime) -> Reason:
    if not grants:
        return Reason.never_granted
    if any(_starts_later(grant, now) for grant in grants):
        return Reason.starts_later
    last = max(grants, key=lambda grant: _end(grant) or grant.starts_at)
    return Reason.revoked if _was_revoked(last, now) else Reason.expired


def _starts_later(grant: Grant, now: datetime) -> bool:
    end = _end(grant)
    return now < grant.starts_at and (end is None or grant.starts_at < end)


def _was_revoked(grant: Grant, now: datetime) -> bool:
    if grant.revoked_at is None or grant.revoked_at > now:
        return False
    return grant.ends_at is None or grant.revoked_at < grant.ends_at
