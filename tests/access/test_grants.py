"""Who holds what over time, on the real databases. Dates are June 2026."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from admit.access.decision import Decision, Reason
from admit.access.errors import UnknownFeature, UnknownGrant
from admit.access.models import LEVEL, GrantRow
from admit.access.service import (
    access_of,
    define_features,
    due_for_review,
    feature_by_key,
    features_in_use,
    features_of,
    grant,
    may,
    release,
    revoke,
)
from admit.core.db import Database
from tests.access.people import (
    COMMUNITY,
    EXPORTS,
    PREMIUM,
    add_features,
    add_person,
    hold_period,
    june,
)

Period = tuple[str, datetime, datetime | None, datetime | None, datetime | None]


@pytest.fixture
async def ada(database: Database) -> str:
    async with database.write() as db:
        await add_features(db)
        return (await add_person(db)).id


async def periods(database: Database) -> list[Period]:
    """feature, start, hard end, review, revocation"""
    rows = select(GrantRow).order_by(GrantRow.feature, GrantRow.starts_at)
    async with database.read() as db:
        return [
            (row.feature, row.starts_at, row.ends_at, row.review_at, row.revoked_at)
            for row in await db.scalars(rows)
        ]


async def premium_on(database: Database, user_id: str, moment: datetime) -> Decision:
    async with database.read() as db:
        return await may(db, user_id, "premium", moment)


async def version_of(database: Database, user_id: str) -> int:
    async with database.read() as db:
        return (await access_of(db, user_id, june(1))).version


def allowed(until: datetime | None = None) -> Decision:
    return Decision(allowed=True, reason=Reason.granted, limit=None, until=until)


def refused(reason: Reason) -> Decision:
    return Decision(allowed=False, reason=reason, limit=0)


async def test_a_confirmed_person_has_what_is_open_to_all_and_others_have_not(
    database: Database,
) -> None:
    async with database.write() as db:
        await add_features(db)
        confirmed = await add_person(db, "ada")
        unconfirmed = await add_person(db, "bob", is_verified=False)
        inactive = await add_person(db, "eve", is_active=False)
        await hold_period(db, inactive.id, now=june(1))

    async with database.read() as db:
        assert await features_of(db, confirmed.id, june(2)) == {"community"}
        assert await features_of(db, unconfirmed.id, june(2)) == set()
        assert await features_of(db, inactive.id, june(2)) == set()
        assert await features_of(db, "usr_nobody", june(2)) == set()
        assert await may(db, confirmed.id, "no-such", june(2)) == refused(Reason.never_granted)


async def test_a_soft_end_keeps_access_and_asks_for_a_look(database: Database, ada: str) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), review_at=june(10))

    assert await premium_on(database, ada, june(1)) == allowed()
    assert await premium_on(database, ada, june(20)) == allowed()
    async with database.read() as db:
        assert await due_for_review(db, june(9)) == []
        assert await due_for_review(db, june(10)) == [("subscription", "sub_1")]


async def test_a_hard_end_closes_exactly_then_and_needs_no_look(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), ends_at=june(10), review_at=june(10))

    assert await premium_on(database, ada, june(9, 23)) == allowed(until=june(10))
    assert await premium_on(database, ada, june(10)) == refused(Reason.expired)
    async with database.read() as db:
        assert await due_for_review(db, june(10)) == []


async def test_a_renewal_goes_on_and_what_changes_the_answer_begins_another_row(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), review_at=june(4), reason="trial")
        await hold_period(db, ada, now=june(4), review_at=june(13))
        await hold_period(db, ada, now=june(11), review_at=june(23))
        await hold_period(db, ada, now=june(20), features={"premium": 5}, review_at=june(23))

    assert await periods(database) == [
        ("premium", june(1), june(4), None, None),
        ("premium", june(4), june(20), None, None),
        ("premium", june(20), None, june(23), None),
    ]


async def test_saying_it_twice_changes_nothing_more(database: Database, ada: str) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), review_at=june(13))
    before = (await periods(database), await version_of(database, ada))

    async with database.write() as db:
        await hold_period(db, ada, now=june(2), review_at=june(13))

    assert (await periods(database), await version_of(database, ada)) == before


async def test_a_feature_that_is_no_longer_listed_is_closed(database: Database, ada: str) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), features=["premium", "exports"])
        await hold_period(db, ada, now=june(4), features=["exports"])

    assert await periods(database) == [
        ("exports", june(1), None, None, None),
        ("premium", june(1), None, None, june(4)),
    ]
    assert await premium_on(database, ada, june(3)) == allowed(until=june(4))
    assert await premium_on(database, ada, june(4)) == refused(Reason.revoked)


async def test_access_that_is_lost_and_regained_leaves_its_gap_in_the_history(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), review_at=june(10))
        await release(db, source="subscription", source_id="sub_1", now=june(10), reason="unpaid")
        await release(db, source="subscription", source_id="sub_1", now=june(11), reason="canceled")
    async with database.read() as db:
        to_review = await due_for_review(db, june(11))

    async with database.write() as db:
        await hold_period(db, ada, now=june(12), review_at=june(20))

    assert to_review == []
    assert await periods(database) == [
        ("premium", june(1), None, None, june(10)),
        ("premium", june(12), None, june(20), None),
    ]
    assert [(await premium_on(database, ada, june(day))).allowed for day in (9, 10, 11, 12)] == [
        True,
        False,
        False,
        True,
    ]


async def test_a_hard_end_that_is_past_opens_nothing_and_ends_what_was_open(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(5), ends_at=june(5))
    never = await premium_on(database, ada, june(5))
    async with database.write() as db:
        await hold_period(db, ada, now=june(6), ends_at=june(9))
        await hold_period(db, ada, now=june(7), ends_at=june(6))
        await release(db, source="subscription", source_id="sub_1", now=june(8), reason="canceled")

    assert never == refused(Reason.never_granted)
    assert await periods(database) == [("premium", june(6), june(9), None, june(7))]


async def test_what_began_this_very_moment_is_written_anew_instead_of_twice(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1), features=["premium", "exports"])
        await release(db, source="subscription", source_id="sub_1", now=june(1), reason="unpaid")
        await hold_period(db, ada, now=june(1), features={"premium": 3}, review_at=june(9))

    assert await periods(database) == [
        ("exports", june(1), None, None, june(1)),
        ("premium", june(1), None, june(9), None),
    ]
    assert await premium_on(database, ada, june(1)) == replace(allowed(), limit=3)


async def test_a_grant_follows_its_source_to_another_person(database: Database, ada: str) -> None:
    async with database.write() as db:
        bob = (await add_person(db, "bob")).id
        await hold_period(db, ada, now=june(1))
        await hold_period(db, bob, now=june(2))

    assert await premium_on(database, ada, june(3)) == refused(Reason.revoked)
    assert await premium_on(database, bob, june(3)) == allowed()
    assert (await version_of(database, ada), await version_of(database, bob)) == (2, 1)


async def test_staff_grant_for_a_reason_until_an_end_and_take_it_back(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        grant_id = await grant(
            db, user_id=ada, feature="premium", until=june(20), reason="A guest.", now=june(1)
        )
    assert await premium_on(database, ada, june(5)) == allowed(until=june(20))

    async with database.write() as db:
        await revoke(db, grant_id=grant_id, reason="Left early.", now=june(6))

    assert await premium_on(database, ada, june(6)) == refused(Reason.revoked)
    async with database.read() as db:
        row = await db.get_one(GrantRow, grant_id)
    assert (row.reason, row.revoked_reason) == ("A guest.", "Left early.")


async def test_staff_can_neither_grant_what_is_unknown_nor_revoke_what_a_source_holds(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1))
    async with database.read() as db:
        held = (await db.scalars(select(GrantRow.id))).one()

    async with database.write() as db:
        with pytest.raises(UnknownFeature):
            await grant(db, user_id=ada, feature="no", until=None, reason="Why.", now=june(1))
        with pytest.raises(UnknownGrant):
            await revoke(db, grant_id=held, reason="Why.", now=june(2))
        with pytest.raises(UnknownGrant):
            await revoke(db, grant_id="grt_none", reason="Why.", now=june(2))

    assert await premium_on(database, ada, june(3)) == allowed()


async def test_a_plan_opens_so_many_and_gives_its_level_until_it_ends(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, features={"exports": 10}, level=10, now=june(1))
        await grant(
            db,
            user_id=ada,
            feature="exports",
            until=june(5),
            limit=40,
            reason="A fair.",
            now=june(1),
        )
    async with database.read() as db:
        during, after = [await access_of(db, ada, june(day)) for day in (4, 5)]
    async with database.write() as db:
        await hold_period(db, ada, features={"exports": None}, level=20, now=june(6))
    async with database.read() as db:
        higher = await access_of(db, ada, june(6))
    async with database.write() as db:
        await release(db, source="subscription", source_id="sub_1", now=june(8), reason="canceled")
    async with database.read() as db:
        ended = await access_of(db, ada, june(8))
        assert await feature_by_key(db, LEVEL) is None
        assert LEVEL not in {feature.key for feature in await features_in_use(db)}

    seen = [(access.decisions["exports"].limit, access.level) for access in (during, after)]
    assert seen == [(40, 10), (10, 10)]
    assert (higher.decisions["exports"].limit, higher.level) == (None, 20)
    assert (ended.decisions["exports"], ended.level) == (refused(Reason.revoked), 0)
    assert LEVEL not in ended.decisions


async def test_a_retired_feature_is_closed_and_opens_again_when_it_comes_back(
    database: Database, ada: str
) -> None:
    async with database.write() as db:
        await hold_period(db, ada, now=june(1))
        await define_features(db, [COMMUNITY, EXPORTS])
    closed = await premium_on(database, ada, june(2))

    async with database.write() as db:
        await define_features(db, [PREMIUM, COMMUNITY, EXPORTS])

    async with database.read() as db:
        assert [feature.key for feature in await features_in_use(db)] == [
            "premium",
            "community",
            "exports",
        ]
    assert closed == refused(Reason.never_granted)
    assert await premium_on(database, ada, june(2)) == allowed()
