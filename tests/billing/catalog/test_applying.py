"""What the database says after a catalogue was applied, again and changed."""

from datetime import UTC, datetime

from sqlalchemy import select

from admit.billing.catalog.entries import Catalog
from admit.billing.catalog.models import Price
from admit.billing.catalog.service import (
    apply,
    load_file,
    plan_by_code,
    plan_of_stripe_price,
    plans,
    price_by_code,
)
from admit.billing.catalog.views import FeatureView, PlanView, PriceView
from admit.core.db import Database
from admit.core.events import EventRow, ReactionRow
from tests.billing.catalog.declared import FREE, YEARLY, catalog, price, pro

NOW = datetime(2026, 6, 1, tzinfo=UTC)


async def sow(database: Database, declared: Catalog) -> None:
    async with database.write() as db:
        await apply(db, declared, now=NOW)


async def sold(database: Database) -> list[PlanView]:
    async with database.read() as db:
        return await plans(db)


async def price_rows(database: Database) -> list[tuple[str, int, bool]]:
    async with database.read() as db:
        rows = await db.scalars(select(Price).order_by(Price.code, Price.id))
        return [(row.code, row.amount, row.active) for row in rows]


async def test_the_demo_catalogue_is_shown_with_what_each_plan_has_and_lacks(
    database: Database,
) -> None:
    await sow(database, load_file())

    free, pro_plan, team = await sold(database)

    assert (free.code, free.is_free, free.prices) == ("free", True, [])
    assert [(view.key, view.included) for view in free.features] == [
        ("community", True),
        ("premium", False),
        ("exports", False),
        ("projects", False),
        ("priority-support", False),
    ]
    assert [(view.included, view.limit) for view in pro_plan.features] == [
        (True, None),
        (True, None),
        (True, None),
        (True, 5),
        (True, None),
    ]
    assert [(price.code, price.trial_days) for price in team.prices] == [
        ("team-monthly", 14),
        ("team-yearly", 0),
    ]
    assert (team.max_quantity, team.grace_days, pro_plan.grace_days) == (50, 14, None)
    assert (pro_plan.opens("premium"), free.opens("premium")) == (True, False)
    assert (pro_plan.is_free, pro_plan.prices) == (
        False,
        [
            PriceView(
                code="pro-monthly", interval="month", amount=1200, currency="eur", trial_days=0
            ),
            PriceView(
                code="pro-yearly", interval="year", amount=12000, currency="eur", trial_days=0
            ),
        ],
    )


async def test_seeding_twice_changes_nothing(database: Database) -> None:
    declared = catalog(FREE, pro(price(), YEARLY))
    await sow(database, declared)
    async with database.read() as db:
        before = await plan_by_code(db, "pro")

    await sow(database, declared)

    async with database.read() as db:
        after = await plan_by_code(db, "pro")
        events = (await db.scalars(select(EventRow))).all()
    assert (after.product_ref, after.revision, after.version) == (
        before.product_ref,
        before.revision,
        1,
    )
    assert await price_rows(database) == [
        ("pro-monthly", 1200, True),
        ("pro-yearly", 12000, True),
    ]
    assert events == []


async def test_a_changed_name_level_and_description_are_taken_over(database: Database) -> None:
    await sow(database, catalog(FREE, pro(price())))

    await sow(
        database, catalog(FREE, pro(price(), name="Plus", level=5, description="More.", group="b"))
    )

    plan = (await sold(database))[1]
    assert (plan.name, plan.level, plan.description) == ("Plus", 5, "More.")
    async with database.read() as db:
        row = await plan_by_code(db, "pro")
    assert row.version == 2


async def test_changed_features_are_taken_over_and_told(database: Database) -> None:
    await sow(database, catalog(FREE, pro(price())))

    await sow(database, catalog(FREE, pro(price(), features=["premium", "exports"])))

    assert (await sold(database))[1].features == [
        FeatureView(key="community", name="Community", description="", included=False),
        FeatureView(key="premium", name="Premium", description="", included=True),
        FeatureView(key="exports", name="Exports", description="", included=True),
    ]
    async with database.read() as db:
        event = (await db.scalars(select(EventRow))).one()
        reaction = (await db.scalars(select(ReactionRow))).one()
    assert (event.name, event.subject) == ("billing.plan_features_changed", "pro")
    assert reaction.name == "follow"


async def test_a_changed_amount_is_a_new_price_and_old_subscribers_keep_theirs(
    database: Database,
) -> None:
    await sow(database, catalog(pro(price(amount=1200))))
    async with database.write() as db:
        old = await price_by_code(db, "pro-monthly")
        assert old is not None
        old.stripe_price_id = "price_old"

    await sow(database, catalog(pro(price(amount=1500))))

    assert await price_rows(database) == [
        ("pro-monthly", 1200, False),
        ("pro-monthly", 1500, True),
    ]
    async with database.read() as db:
        current = await price_by_code(db, "pro-monthly")
        held = await plan_of_stripe_price(db, "price_old")
    assert current is not None
    assert (current.amount, current.stripe_price_id) == (1500, None)
    assert held is not None
    assert (held.code, held.amount, held.features) == (
        "pro",
        1200,
        frozenset({"community", "premium"}),
    )


async def test_a_price_that_comes_back_is_the_one_it_was(database: Database) -> None:
    await sow(database, catalog(pro(price(amount=1200))))
    await sow(database, catalog(pro(price(amount=1500))))

    await sow(database, catalog(pro(price(amount=1200, trial_days=14))))

    assert await price_rows(database) == [
        ("pro-monthly", 1200, True),
        ("pro-monthly", 1500, False),
    ]
    assert (await sold(database))[0].prices[0].trial_days == 14


async def test_vanished_plans_and_prices_are_no_longer_sold_but_still_known(
    database: Database,
) -> None:
    await sow(database, catalog(FREE, pro(price(), YEARLY)))
    async with database.write() as db:
        monthly = await price_by_code(db, "pro-monthly")
        assert monthly is not None
        monthly.stripe_price_id = "price_1"

    await sow(database, catalog(FREE))

    assert [plan.code for plan in await sold(database)] == ["free"]
    assert await price_rows(database) == [
        ("pro-monthly", 1200, False),
        ("pro-yearly", 12000, False),
    ]
    async with database.read() as db:
        assert await price_by_code(db, "pro-monthly") is None
        held = await plan_of_stripe_price(db, "price_1")
        assert await plan_of_stripe_price(db, "price_of_another_application") is None
    assert held is not None
    assert held.name == "Pro"


async def test_a_plan_that_returns_is_sold_again(database: Database) -> None:
    await sow(database, catalog(FREE, pro(price())))
    await sow(database, catalog(FREE))

    await sow(database, catalog(FREE, pro(price())))

    assert [plan.code for plan in await sold(database)] == ["free", "pro"]
    assert await price_rows(database) == [("pro-monthly", 1200, True)]
