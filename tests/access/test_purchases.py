"""What a thing bought once opens, as a table of cases. Dates are June 2026; it is the tenth."""

from datetime import timedelta

import pytest

from admit.access.models import Source
from admit.access.purchases import Purchase, ends_at, opens
from admit.access.service import access_of, grant, hold, release
from admit.core.db import Database
from tests.access.people import add_features, add_person, june

TEN_DAYS = timedelta(days=10)

CASES = [
    pytest.param(Purchase(), False, None, id="not paid"),
    pytest.param(Purchase(lasts=TEN_DAYS), False, None, id="not paid, for ten days"),
    pytest.param(Purchase(paid_at=june(1)), True, None, id="for ever"),
    pytest.param(Purchase(paid_at=june(11)), False, None, id="paid tomorrow"),
    pytest.param(Purchase(paid_at=june(10)), True, None, id="paid this moment"),
    pytest.param(Purchase(paid_at=june(1), lasts=TEN_DAYS), True, june(11), id="still lasts"),
    pytest.param(
        Purchase(paid_at=june(1), lasts=timedelta(days=9)), False, june(10), id="over this moment"
    ),
    pytest.param(
        Purchase(paid_at=june(1), taken_back_at=june(10)), False, june(10), id="refunded now"
    ),
    pytest.param(
        Purchase(paid_at=june(1), lasts=TEN_DAYS, taken_back_at=june(20)),
        True,
        june(11),
        id="to be refunded after it is over",
    ),
]


@pytest.mark.parametrize(("purchase", "is_open", "end"), CASES)
def test_a_purchase_opens(purchase: Purchase, is_open: bool, end: object) -> None:
    assert (opens(purchase, june(10)), ends_at(purchase)) == (is_open, end)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_u11_plan_purchase_and_staff_open_together_and_end_apart(database: Database) -> None:
    async with database.write() as db:
        await add_features(db)
        ada = (await add_person(db)).id
        for source, source_id, limit in (
            (Source.subscription, "sub_1", 5),
            (Source.purchase, "ord_1", 20),
        ):
            await hold(
                db,
                user_id=ada,
                source=source,
                source_id=source_id,
                features={"exports": limit},
                level=10 if source is Source.subscription else 0,
                ends_at=None,
                review_at=None,
                now=june(1),
                reason="paid",
            )
        await grant(
            db, user_id=ada, feature="exports", until=june(9), limit=None, reason="A.", now=june(2)
        )
    seen = []
    steps: list[tuple[int, Source | None, str]] = [
        (3, None, ""),
        (9, Source.purchase, "ord_1"),
        (10, Source.subscription, "sub_1"),
    ]
    for day, ends, source_id in steps:
        async with database.write() as db:
            before = await access_of(db, ada, june(day))
            if ends is not None:
                await release(
                    db, source=ends, source_id=source_id, now=june(day), reason="canceled"
                )
        seen.append((before.decisions["exports"].limit, before.level))
    async with database.read() as db:
        after = await access_of(db, ada, june(10))

    assert seen == [(None, 10), (20, 10), (5, 10)]
    assert (after.decisions["exports"].allowed, after.level) == (False, 0)
