"""Who is let in and until when, as tables of cases and as properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admit.access.decision import (
    RENEWAL_LEEWAY,
    Basis,
    Decision,
    Grant,
    PaidPeriod,
    Reason,
    Standing,
    Status,
    Window,
    granted_until,
    may,
    paid_and_taken_back,
)

GRACE = timedelta(days=7)


def june(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


PERIOD_END = june(20)


def standing(
    status: Status,
    *,
    period_end: datetime = PERIOD_END,
    paid_until: datetime | None = PERIOD_END,
    cancel_at_period_end: bool = False,
    cancel_at: datetime | None = None,
    ended_at: datetime | None = None,
    past_due_since: datetime | None = None,
    taken_back_at: datetime | None = None,
) -> Standing:
    return Standing(
        status=status,
        current_period_end=period_end,
        paid_until=paid_until,
        cancel_at_period_end=cancel_at_period_end,
        cancel_at=cancel_at,
        ended_at=ended_at,
        past_due_since=past_due_since,
        taken_back_at=taken_back_at,
    )


def until(moment: datetime, basis: Basis) -> Window:
    return Window(until=moment, basis=basis)


LIVE = [
    pytest.param(
        standing(Status.active), until(june(23), Basis.paid), id="paid: period end and leeway"
    ),
    pytest.param(standing(Status.active, paid_until=None), None, id="active, nothing ever paid"),
    pytest.param(
        standing(Status.active, period_end=june(30)),
        until(june(23), Basis.paid),
        id="the renewal is still a draft: the paid period and leeway",
    ),
    pytest.param(
        standing(Status.active, paid_until=june(30)),
        until(june(23), Basis.paid),
        id="paid beyond the period: no further than the period",
    ),
    pytest.param(
        standing(Status.active, cancel_at_period_end=True),
        until(june(20), Basis.paid),
        id="cancels at period end: exactly then",
    ),
    pytest.param(
        standing(Status.active, cancel_at=june(12, 9)),
        until(june(12, 9), Basis.paid),
        id="cancels within the period: exactly then",
    ),
    pytest.param(
        standing(Status.active, cancel_at=june(22)),
        until(june(22), Basis.paid),
        id="cancels within the leeway: exactly then",
    ),
    pytest.param(
        standing(Status.active, cancel_at=june(28)),
        until(june(23), Basis.paid),
        id="cancels in a later period: that one has to be paid first",
    ),
    pytest.param(
        standing(Status.active, cancel_at_period_end=True, cancel_at=june(15)),
        until(june(15), Basis.paid),
        id="two dates to cancel at: the earlier",
    ),
    pytest.param(
        standing(Status.trialing, paid_until=None), until(june(23), Basis.trial), id="on trial"
    ),
    pytest.param(
        standing(Status.trialing, paid_until=None, cancel_at_period_end=True),
        until(june(20), Basis.trial),
        id="on trial and canceled: to the end of the trial",
    ),
]

FAILING = [
    pytest.param(
        standing(Status.past_due, period_end=june(30), past_due_since=june(20)),
        until(june(27), Basis.grace),
        id="past due: the grace days",
    ),
    pytest.param(
        standing(
            Status.past_due,
            period_end=june(25),
            past_due_since=june(20),
            cancel_at_period_end=True,
        ),
        until(june(25), Basis.grace),
        id="past due and canceled: not past the end of the period",
    ),
    pytest.param(standing(Status.past_due), None, id="past due since nobody knows when"),
    pytest.param(
        standing(Status.past_due, paid_until=None, past_due_since=june(20)),
        None,
        id="past due with the very first invoice: no grace for what was never paid",
    ),
    pytest.param(
        standing(Status.canceled, ended_at=june(18, 6)),
        until(june(18, 6), Basis.ended),
        id="canceled: until it ended",
    ),
    pytest.param(
        standing(Status.canceled, ended_at=june(29), past_due_since=june(20)),
        until(june(27), Basis.ended),
        id="canceled after the grace ran out: the grace is not given back",
    ),
    pytest.param(
        standing(Status.canceled, ended_at=june(24), past_due_since=june(20)),
        until(june(24), Basis.ended),
        id="canceled within the grace",
    ),
    pytest.param(standing(Status.canceled), None, id="canceled at no known time"),
    pytest.param(standing(Status.incomplete), None, id="incomplete"),
    pytest.param(standing(Status.incomplete_expired), None, id="incomplete, expired"),
    pytest.param(standing(Status.unpaid), None, id="unpaid"),
    pytest.param(standing(Status.paused), None, id="paused"),
]


TAKEN_BACK = [
    pytest.param(
        standing(Status.active, taken_back_at=june(10), paid_until=None),
        until(june(10), Basis.taken_back),
        id="refunded: closed from then on, without leeway",
    ),
    pytest.param(
        standing(Status.active, taken_back_at=june(10), paid_until=june(1)),
        until(june(10), Basis.taken_back),
        id="refunded after a period that was paid: not closed in hindsight",
    ),
    pytest.param(
        standing(Status.active, taken_back_at=june(10), paid_until=june(15)),
        until(june(15), Basis.taken_back),
        id="refunded, and an earlier payment reaches into the period",
    ),
    pytest.param(
        standing(Status.active, taken_back_at=june(10), paid_until=june(30)),
        until(june(20), Basis.taken_back),
        id="refunded, and an earlier payment reaches beyond the period",
    ),
    pytest.param(
        standing(Status.active, taken_back_at=june(10), paid_until=None, cancel_at=june(9)),
        until(june(9), Basis.taken_back),
        id="refunded after the date to cancel at",
    ),
    pytest.param(
        standing(Status.trialing, taken_back_at=june(10)),
        until(june(23), Basis.trial),
        id="a trial that was given afterwards",
    ),
    pytest.param(
        standing(Status.past_due, taken_back_at=june(10), paid_until=None, past_due_since=june(8)),
        until(june(10), Basis.taken_back),
        id="refunded within the grace: no more of it",
    ),
    pytest.param(
        standing(Status.past_due, taken_back_at=june(18), paid_until=None, past_due_since=june(8)),
        until(june(15), Basis.taken_back),
        id="refunded after the grace",
    ),
    pytest.param(
        standing(Status.canceled, taken_back_at=june(10), paid_until=None, ended_at=june(12)),
        until(june(10), Basis.ended),
        id="refunded and canceled later",
    ),
    pytest.param(standing(Status.unpaid, taken_back_at=june(10)), None, id="refunded and unpaid"),
]


@pytest.mark.parametrize(("known", "window"), LIVE + FAILING + TAKEN_BACK)
def test_a_subscription_grants_until(known: Standing, window: Window | None) -> None:
    assert granted_until(known, grace=GRACE) == window


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        pytest.param([], (None, None), id="nothing paid"),
        pytest.param([(20, None), (10, None)], (june(20), None), id="the latest counts"),
        pytest.param([(20, 15)], (None, june(15)), id="all taken back"),
        pytest.param([(10, None), (20, 15)], (june(10), june(15)), id="the latest taken back"),
        pytest.param([(10, 15), (20, None)], (june(20), None), id="one that is over taken back"),
        pytest.param(
            [(5, None), (10, 12), (20, 11)], (june(5), june(12)), id="two taken back: the last word"
        ),
    ],
)
def test_what_went_back_pays_for_nothing(
    periods: list[tuple[int, int | None]], expected: tuple[datetime | None, datetime | None]
) -> None:
    paid = [
        PaidPeriod(until=june(end), taken_back_at=june(back) if back else None)
        for end, back in periods
    ]

    assert paid_and_taken_back(paid) == expected


def test_grace_and_leeway_are_the_callers_to_choose() -> None:
    failing = standing(Status.past_due, past_due_since=june(20))
    paid = standing(Status.active)

    assert granted_until(paid, grace=GRACE) == until(june(20) + RENEWAL_LEEWAY, Basis.paid)
    assert granted_until(failing, grace=timedelta(0)) == until(june(20), Basis.grace)
    assert granted_until(paid, grace=GRACE, leeway=timedelta(hours=2)) == until(
        june(20, 2), Basis.paid
    )


def pro(
    start: int,
    end: int | None = None,
    *,
    revoked: int | None = None,
    feature: str = "pro",
    limit: int | None = None,
) -> Grant:
    return Grant(
        feature=feature,
        starts_at=june(start),
        ends_at=None if end is None else june(end),
        revoked_at=None if revoked is None else june(revoked),
        limit=limit,
    )


def yes(end: int | None, limit: int | None = None) -> Decision:
    until = None if end is None else june(end)
    return Decision(allowed=True, reason=Reason.granted, limit=limit, until=until)


def no(reason: Reason) -> Decision:
    return Decision(allowed=False, reason=reason, limit=0)


ANSWERS = [
    pytest.param([], no(Reason.never_granted), id="no grant"),
    pytest.param([pro(1, feature="basic")], no(Reason.never_granted), id="another feature"),
    pytest.param([pro(1, 20)], yes(20), id="within"),
    pytest.param([pro(10, 20)], yes(20), id="the first moment counts"),
    pytest.param([pro(1, 10)], no(Reason.expired), id="the last moment does not"),
    pytest.param([pro(1)], yes(None), id="for ever"),
    pytest.param([pro(11, 20)], no(Reason.starts_later), id="not yet"),
    pytest.param([pro(1, 20, revoked=10)], no(Reason.revoked), id="revoked this moment"),
    pytest.param([pro(1, revoked=5)], no(Reason.revoked), id="for ever, but revoked"),
    pytest.param([pro(1, 20, revoked=15)], yes(15), id="to be revoked: until then"),
    pytest.param([pro(1, 5, revoked=8)], no(Reason.expired), id="revoked after it had ended"),
    pytest.param([pro(12, 20, revoked=9)], no(Reason.revoked), id="revoked before it began"),
    pytest.param([pro(1, 4, revoked=3), pro(1, 8)], no(Reason.expired), id="the last one tells"),
    pytest.param([pro(1, 4), pro(1, 8, revoked=6)], no(Reason.revoked), id="the last was revoked"),
    pytest.param([pro(1, 5), pro(15, 20)], no(Reason.starts_later), id="between two"),
    pytest.param([pro(1, 20, revoked=5), pro(1, 12)], yes(12), id="revoked, another stands"),
    pytest.param([pro(15, 25), pro(1, 15)], yes(25), id="one takes over from the other"),
    pytest.param([pro(1, 15), pro(16, 25)], yes(15), id="a gap ends it"),
    pytest.param([pro(1, 15), pro(14)], yes(None), id="taken over for ever"),
    pytest.param([pro(1, 15), pro(12, 20, revoked=13)], yes(15), id="taken over by a revoked one"),
    pytest.param([pro(1, limit=3)], yes(None, 3), id="so many"),
    pytest.param([pro(1, limit=3), pro(2, limit=50)], yes(None, 50), id="the larger number counts"),
    pytest.param(
        [pro(1, limit=3), pro(2)], yes(None), id="without a limit is more than any number"
    ),
    pytest.param(
        [pro(1, limit=3), pro(1, 10, limit=50), pro(11, limit=70)],
        yes(None, 3),
        id="what is over or to come counts for nothing",
    ),
]


@pytest.mark.parametrize(("grants", "answer"), ANSWERS)
def test_a_person_may_use_a_feature_on_the_tenth_of_june(
    grants: list[Grant], answer: Decision
) -> None:
    assert may(june(10), grants, "pro") == answer


days = st.integers(min_value=1, max_value=28)
limits = st.none() | st.integers(1, 100)
grant = st.builds(pro, days, st.none() | days, revoked=st.none() | days, limit=limits)
grants_of_pro = st.lists(grant, max_size=5)


@given(grants=grants_of_pro, day=days)
def test_access_holds_every_day_until_it_is_said_to_end_and_not_on_that_day(
    grants: list[Grant], day: int
) -> None:
    answer = may(june(day), grants, "pro")

    later = [june(n) for n in range(day, 31)]
    if answer.allowed:
        covered = [moment for moment in later if answer.until is None or moment < answer.until]
        assert all(may(moment, grants, "pro").allowed for moment in covered)
    if answer.until is not None:
        assert not may(answer.until, grants, "pro").allowed


@given(grants=grants_of_pro, more=grant, day=days)
def test_another_grant_never_takes_access_away(grants: list[Grant], more: Grant, day: int) -> None:
    before = may(june(day), grants, "pro")
    after = may(june(day), [*grants, more], "pro")

    assert after.allowed >= before.allowed
    if after.limit is not None:
        assert before.limit is not None
        assert after.limit >= before.limit
    if before.allowed:
        assert after.until is None or (before.until is not None and after.until >= before.until)


@given(grants=st.lists(st.builds(pro, days, st.none() | days, revoked=days), max_size=5))
def test_what_is_revoked_never_grants_again(grants: list[Grant]) -> None:
    assert not may(june(30), grants, "pro").allowed


moments = st.builds(june, days, st.integers(0, 23))
perhaps = st.none() | moments
any_standing = st.builds(
    standing,
    st.sampled_from(Status),
    period_end=moments,
    paid_until=perhaps,
    cancel_at_period_end=st.booleans(),
    cancel_at=perhaps,
    ended_at=perhaps,
    past_due_since=perhaps,
)


@given(known=any_standing)
def test_no_one_who_never_paid_nor_tries_is_let_in(known: Standing) -> None:
    window = granted_until(known, grace=GRACE)

    if window is not None and window.basis in {Basis.paid, Basis.grace}:
        assert known.paid_until is not None


@given(known=any_standing)
def test_setting_a_subscription_to_cancel_never_prolongs_it(known: Standing) -> None:
    window = granted_until(known, grace=GRACE)

    if window is not None and known.status is not Status.canceled:
        if known.cancel_at_period_end:
            assert window.until <= known.current_period_end
        if known.cancel_at is not None:
            assert window.until <= known.cancel_at
