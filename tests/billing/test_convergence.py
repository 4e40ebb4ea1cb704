"""Whatever happens to Stripe's events, Admit ends with Stripe's truth, and each fact told once."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from admit.billing.checkout.models import CheckoutSession
from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription
from admit.core.db import Base
from admit.core.events.models import Progress, ReactionRow
from tests.billing import truth
from tests.billing.story import STORIES, Story
from tests.billing.weather import Weather
from tests.engines.cases import Cases, open_cases
from tests.engines.databases import NewDatabase
from tests.engines.simulators import Simulators
from tests.engines.world import World

NORMAL_CASES = 100
LONG_CASES = {"sqlite": 1000, "postgresql": 200}
PARTS = 4
# A failing case is shown as it was drawn: shrinking it would take minutes.
PHASES = (Phase.explicit, Phase.generate)
SLOW_ON_PURPOSE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)

told: Counter[str] = Counter()
"""Cases and deliveries so far, for the closing line."""


@pytest.fixture
def counted(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    told.clear()
    yield
    with capsys.disabled():
        print(f"\n  {told['cases']} cases converged after {told['deliveries']} deliveries")


@pytest.mark.usefixtures("counted")
def test_mirror_and_access_end_equal_to_stripe(
    new_database: NewDatabase, simulators: Simulators
) -> None:
    converge(new_database, simulators, cases=NORMAL_CASES)


@pytest.mark.long
@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("_part", range(PARTS))
def test_mirror_and_access_end_equal_to_stripe_in_the_long_run(
    new_database: NewDatabase, simulators: Simulators, _part: int, request: pytest.FixtureRequest
) -> None:
    engine = request.node.callspec.params["engine"]

    converge(new_database, simulators, cases=LONG_CASES[engine] // PARTS, others_each_time=True)


def converge(
    new_database: NewDatabase,
    simulators: Simulators,
    *,
    cases: int,
    others_each_time: bool = False,
) -> None:
    with (
        new_database() as url,
        asyncio.Runner() as runner,
        opened(runner, open_cases(url, simulators)) as ground,
    ):

        @settings(
            max_examples=cases,
            derandomize=not others_each_time,
            database=None,
            deadline=None,
            phases=PHASES,
            suppress_health_check=SLOW_ON_PURPOSE,
        )
        @given(data=st.data())
        def each(data: st.DataObject) -> None:
            runner.run(one_case(ground, data))

        each()
    assert told["cases"] >= cases


@contextmanager
def opened(runner: asyncio.Runner, cases: AbstractAsyncContextManager[Cases]) -> Iterator[Cases]:
    """Hypothesis is not asynchronous; what it repeats is, all on one loop."""
    yielded = runner.run(cases.__aenter__())
    try:
        yield yielded
    finally:
        runner.run(cases.__aexit__(None, None, None))


async def one_case(ground: Cases, data: st.DataObject) -> None:
    async with ground.case() as (world, ada):
        loses = data.draw(st.booleans(), label="loses events")
        weather = Weather(data, world, ada, ground.session_id, loses=loses)
        story = Story(data, world, ada, ground.session_id)
        for step in data.draw(st.sampled_from(STORIES), label="story"):
            await story.step(step)
            await weather.between_steps()
        await weather.at_last()

        now = truth.ask_for_truth(world.stripe, await ada.customer_id())
        assert await mirror(world, Subscription, truth.subscription_rows(now))
        assert await mirror(world, Invoice, truth.invoice_rows(now))
        assert await mirror(world, CheckoutSession, truth.session_rows(now))
        assert await ada.features() == truth.open_features(now)
        await assert_each_fact_is_told_once(world, now, story)
        told.update(cases=1, deliveries=weather.delivered)


async def mirror(world: World, table: type[Base], expected: truth.Rows) -> bool:
    """Row by row and column by column."""
    rows: dict[str, Any] = {row.__dict__["id"]: row for row in await world.rows(table)}
    shown = {
        key: {name: getattr(rows[key], name) for name in columns} if key in rows else None
        for key, columns in expected.items()
    }
    assert shown == expected
    return rows.keys() == expected.keys()


async def assert_each_fact_is_told_once(world: World, now: truth.Truth, story: Story) -> None:
    reactions = await world.rows(ReactionRow)
    assert {row.progress for row in reactions} == {Progress.done}
    assert await keys(world, "billing.invoice_paid") == sorted(
        (invoice["id"],) for invoice in now.paid
    )
    failed = truth.failed_attempts(now)
    assert await keys(world, "billing.payment_failed") == sorted(failed)
    has_ended = [(told["id"],) for told in now.subscriptions if told["status"] == "canceled"]
    assert await keys(world, "billing.subscription_ended") == has_ended
    cancelling = await keys(world, "billing.cancellation_scheduled")
    # What is set to cancel in Stripe's dashboard may be over before we hear of it.
    assert story.cancelled_here <= len(cancelling) <= story.cancelled

    assert await world.mails() == sorted(
        [
            *["billing.cancellation"] * len(cancelling),
            *["billing.ended"] * len(has_ended),
            *["billing.payment_failed"] * len(failed),
            *["billing.receipt"] * (len(now.paid) - 1),
            "billing.welcome",
        ]
    )


async def keys(world: World, name: str) -> list[tuple[Any, ...]]:
    """What each fact of this name is about, without whose it is."""
    facts = [json.loads(row.payload) for row in await world.facts(name)]
    return sorted(tuple(v for k, v in fact.items() if k != "user_id") for fact in facts)
