"""What a catalogue would change, and whose access; and that afterwards nothing is left to do."""

import random

import pytest

from admit.access.service import access_of
from admit.billing.catalog.entries import Catalog, FeatureEntry, OpenedFeature, PlanEntry
from admit.billing.catalog.file import load_file
from admit.billing.catalog.planning import carry_out, plan, push_now
from tests.billing.catalog.declared import FEATURES, price
from tests.engines.world import Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def edited(code: str, **changes: object) -> Catalog:
    """The demo catalogue with one plan changed."""
    demo = load_file()
    plans = [
        entry.model_copy(update=changes) if entry.code == code else entry for entry in demo.plans
    ]
    return demo.model_copy(update={"plans": plans})


async def test_a_plan_that_opens_something_else_tells_whom_it_concerns_and_they_follow(
    world: World, ada: Actor
) -> None:
    bea = await world.person("bea")
    await ada.subscribes_to()
    await world.drain()
    await world.settle()
    wanted = edited(
        "pro",
        features=[OpenedFeature(key="premium"), OpenedFeature(key="projects", limit=8)],
        level=12,
    )

    outlook = await plan(world.billing, wanted)

    (concerned,) = outlook.concerned
    assert (concerned.people, concerned.sample) == (1, ["ada@example.test"])
    assert [str(detail) for detail in concerned.change.details] == [
        "opens community: yes → no",
        "opens exports: yes → no",
        "opens priority-support: yes → no",
        "opens projects: up to 5 → up to 8",
        "level: 10 → 12",
    ]
    assert await ada.features() == {
        "community",
        "premium",
        "exports",
        "projects",
        "priority-support",
    }

    await carry_out(world.billing, wanted)
    await world.drain()

    assert await ada.features() == {"community", "premium", "projects"}
    assert await bea.features() == {"community"}
    async with world.database.read() as db:
        access = await access_of(db, ada.person.id, world.clock.business())
    assert (access.decisions["projects"].limit, access.level) == (8, 12)


async def test_who_has_a_plan_that_is_no_longer_sold_keeps_what_it_opens(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    before = await ada.features()
    demo = load_file()
    wanted = demo.model_copy(update={"plans": [demo.plans[0], demo.plans[2]]})

    outlook = await plan(world.billing, wanted)
    await carry_out(world.billing, wanted)
    await push_now(world.billing)
    await world.settle()

    assert outlook.concerned == []
    assert [str(change) for change in outlook.changes] == [
        '- plan "pro"',
        '- price "pro-monthly"',
        '- price "pro-yearly"',
    ]
    assert await ada.features() == before


@ON_SQLITE
async def test_after_any_catalogue_was_applied_nothing_is_left_to_do(world: World) -> None:
    """25 catalogues at random (of a fixed seed), each applied onto the one before."""
    chance = random.Random(5)
    for _ in range(25):
        wanted = some_catalog(chance)

        await carry_out(world.billing, wanted)
        assert await push_now(world.billing) == []

        outlook = await plan(world.billing, wanted)
        assert outlook.is_empty, (wanted, outlook)


def some_catalog(chance: random.Random) -> Catalog:
    features = chance.sample(FEATURES, chance.randint(1, 3))
    codes = chance.sample(["free", "pro", "team", "solo"], chance.randint(1, 4))
    names = chance.sample(["Free", "Pro", "Team", "Solo", "Plus"], len(codes))
    return Catalog(
        features=features,
        plans=[
            some_plan(chance, code, name, features) for code, name in zip(codes, names, strict=True)
        ],
    )


def some_plan(
    chance: random.Random, code: str, name: str, features: list[FeatureEntry]
) -> PlanEntry:
    opened = chance.sample(features, chance.randint(0, len(features)))
    prices = [
        price(
            f"{code}-{number}",
            chance.choice([500, 1200, 1500]),
            interval=chance.choice(["week", "month", "year"]),
            interval_count=chance.choice([1, 3]),
            trial_days=chance.choice([0, 7]),
        )
        for number in range(chance.randint(0, 2))
    ]
    return PlanEntry(
        code=code,
        name=name,
        description=chance.choice(["", "Some words."]),
        level=chance.randint(0, 3),
        group=chance.choice(["main", "extra"]),
        grace_days=chance.choice([None, 3]),
        max_quantity=chance.choice([1, 5]),
        features=[
            OpenedFeature(key=feature.key, limit=chance.choice([None, 2])) for feature in opened
        ],
        prices=prices,
    )
