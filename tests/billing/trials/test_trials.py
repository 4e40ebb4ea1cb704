"""One trial a person, whatever tabs, cancellations and Stripe itself do."""

import asyncio

import pytest
from sqlalchemy import delete

from admit.billing.changes.service import cancel_at_period_end
from admit.billing.checkout.confirming import Confirmation, confirmation
from admit.billing.checkout.models import Checkout
from admit.billing.checkout.offers import Choice
from admit.billing.errors import ChosenInAnotherTab
from admit.billing.subscriptions.models import Subscription
from admit.billing.trials.models import TrialUse
from admit.core.errors import InvalidInput
from admit.core.events.models import ReactionRow
from tests.billing.subscriptions.test_mirror import hears_everything, stripe_price
from tests.engines.simulators import Json
from tests.engines.world import START, Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_trial_opens_at_once_is_charged_at_its_end_and_is_had_once(shop: World) -> None:
    ada = await shop.person("ada")
    before = await confirms(shop, ada, "team-monthly")
    await ada.subscribes_to("team-monthly")
    await hears_everything(shop)

    assert (before.trial_days, before.due_today, before.total) == (14, 0, 3000)
    assert (before.first_charge_on - START).days == 14
    assert (await status(shop), paid(shop)) == ("trialing", [0])
    assert {"reading", "writing"} <= await ada.features()

    await shop.move(days=14, hours=2)
    await hears_everything(shop)
    assert (await status(shop), paid(shop)) == ("active", [0, 3000])

    (there,) = shop.stripe.all("/v1/subscriptions")
    shop.stripe.delete(f"/v1/subscriptions/{there['id']}")
    await hears_everything(shop)
    again = await confirms(shop, ada, "team-monthly")
    session = await ada.starts_checkout("team-monthly")
    shop.stripe.pays(session)
    await hears_everything(shop)

    assert (again.trial_days, again.had_trial, again.due_today) == (0, True, 3000)
    assert sorted(row.status for row in await shop.rows(Subscription)) == ["active", "canceled"]
    assert paid(shop) == [0, 3000, 3000]


@ON_SQLITE
async def test_who_cancels_in_the_trial_pays_nothing_and_has_it_to_its_end(shop: World) -> None:
    ada = await shop.person("ada")
    await ada.subscribes_to("team-monthly")
    await hears_everything(shop)

    ending = await cancel_at_period_end(shop.billing, ada.person)
    await shop.move(days=13)
    within = await ada.features()
    await shop.move(days=2)
    await hears_everything(shop)

    assert (ending.status, ending.cancel_at_period_end) == ("trialing", True)
    assert ("reading" in within, "reading" in await ada.features()) == (True, False)
    assert (await status(shop), paid(shop)) == ("canceled", [0])


async def test_twenty_tabs_on_two_plans_begin_one_trial(shop: World) -> None:
    ada = await shop.person("ada")
    prices = ["team-monthly", "school-monthly"] * 10

    ended = await asyncio.gather(
        *[ada.starts_checkout(price) for price in prices], return_exceptions=True
    )

    assert {type(end) for end in ended} <= {str, ChosenInAnotherTab}
    for session in {end for end in ended if isinstance(end, str)}:
        shop.stripe.pays(session)
    await hears_everything(shop)
    assert sorted(row.status for row in await shop.rows(Subscription)) == ["active", "trialing"]
    assert len(await shop.rows(TrialUse)) == 1


@ON_SQLITE
async def test_a_trial_that_begins_at_stripe_takes_the_one_on_an_open_page_away(
    shop: World,
) -> None:
    ada = await shop.person("ada")
    page = await ada.starts_checkout("team-monthly")
    customer = await ada.customer_id()
    school = await stripe_price(shop, "school-monthly")
    card = shop.stripe.post("/v1/payment_methods/pm_card_visa/attach", customer=customer)
    shop.stripe.post(
        "/v1/subscriptions",
        None,
        customer=customer,
        trial_period_days="7",
        default_payment_method=card["id"],
        **{"items[0][price]": school},
    )
    await hears_everything(shop)

    assert shop.stripe.get(f"/v1/checkout/sessions/{page}")["status"] == "expired"
    assert [wish.status for wish in await shop.rows(Checkout)] == ["expired"]
    assert (await confirms(shop, ada, "team-monthly")).trial_days == 0


@ON_SQLITE
async def test_the_trial_that_was_had_outlives_its_subscription_here(shop: World) -> None:
    """The books are thrown away, as a restored database would have them: the fact stays."""
    ada = await shop.person("ada")
    await ada.subscribes_to("team-monthly")
    await hears_everything(shop)
    (row,) = await shop.rows(Subscription)
    shop.stripe.delete(f"/v1/customers/{await ada.customer_id()}")
    await hears_everything(shop)
    async with shop.database.write() as db:
        await db.execute(delete(ReactionRow))

    session = await ada.starts_checkout("team-monthly")

    (there,) = [each for each in sessions(shop) if each["id"] == session]
    assert there["amount_total"] == 3000
    assert [use.subscription_id for use in await shop.rows(TrialUse)] == [row.id]


@ON_SQLITE
@pytest.mark.parametrize(
    ("price", "quantity", "sentence"),
    [
        ("team-monthly", 0, "Choose a number from 1 to 10."),
        ("team-monthly", -3, "Choose a number from 1 to 10."),
        ("team-monthly", 11, "Choose a number from 1 to 10."),
        ("team-monthly", 999_999_999, "Choose a number from 1 to 10."),
        ("basic-monthly", 2, "Of this you can have one."),
    ],
)
async def test_a_quantity_that_a_plan_does_not_have_is_refused_and_nothing_is_made(
    shop: World, price: str, quantity: int, sentence: str
) -> None:
    ada = await shop.person("ada")

    with pytest.raises(InvalidInput) as refused:
        await ada.starts_checkout(price, quantity)

    assert refused.value.errors == {"quantity": sentence}
    assert shop.stripe.all("/v1/customers") == []


@ON_SQLITE
async def test_another_quantity_closes_the_page_of_the_first(shop: World) -> None:
    ada = await shop.person("ada")
    first = await ada.starts_checkout("team-yearly", 2)

    second = await ada.starts_checkout("team-yearly", 3)
    shop.stripe.pays(second)
    await hears_everything(shop)

    assert shop.stripe.get(f"/v1/checkout/sessions/{first}")["status"] == "expired"
    (row,) = await shop.rows(Subscription)
    assert (row.quantity, paid(shop)) == (3, [90000])


async def confirms(world: World, actor: Actor, price: str) -> Confirmation:
    async with world.database.read() as db:
        now = world.clock.business()
        return await confirmation(db, actor.person, Choice(price), now=now)


async def status(world: World) -> str:
    (row,) = await world.rows(Subscription)
    return row.status


def sessions(world: World) -> list[Json]:
    return world.stripe.all("/v1/checkout/sessions")


def paid(world: World) -> list[int]:
    invoices = world.stripe.all("/v1/invoices", status="paid")
    return [invoice["amount_paid"] for invoice in reversed(invoices)]
