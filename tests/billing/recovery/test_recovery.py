"""A payment failed: it is put right by another card, here or in the portal, and paid at once."""

from pathlib import Path

import pytest

from admit.billing.customers.models import BillingAccount
from admit.billing.gateway import GatewayUnavailable
from admit.billing.recovery.models import Recovery, Standing
from admit.billing.recovery.returning import standing_of_return
from admit.billing.recovery.service import adopt_card, open_card_page, try_again
from admit.billing.subscriptions.models import Subscription
from tests.billing.browsing import open_window
from tests.billing.subscriptions.test_mirror import hears_everything, subscribes
from tests.engines.simulators import Json
from tests.engines.world import Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OTHER_CARD = "5555555555554444"
ALWAYS_ASKS = "4000002760003184"
SAVES_AND_FAILS = "4000000000000341"


async def test_a_card_saved_on_stripes_page_is_charged_at_once_and_for_all_that_comes(
    world: World, ada: Actor
) -> None:
    await cannot_pay(world, ada)
    page = (await open_card_page(world.billing, ada.person)).rsplit("/", 1)[1]
    world.stripe.pays(page, card=OTHER_CARD)
    eve = await world.person("eve")

    foreign = await standing_of_return(world.billing, eve.person, page)
    back = await standing_of_return(world.billing, ada.person, page)
    await world.drain()
    await hears_everything(world)

    assert (foreign, back) == (None, Standing.waiting)
    assert await standing_of_return(world.billing, ada.person, page) is Standing.paid
    (row,) = await world.rows(Subscription)
    (account,) = await world.rows(BillingAccount)
    assert (row.status, succeeded(world)) == ("active", [1200, 1200])
    assert row.default_payment_method_id == account.default_payment_method_id
    card = world.stripe.get(f"/v1/payment_methods/{account.default_payment_method_id}")["card"]
    assert card["last4"] == "4444"


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/subscriptions", "/v1/invoices"])
@ON_SQLITE
async def test_stripe_falls_silent_after_any_step_and_she_pays_once(
    world: World, ada: Actor, path: str
) -> None:
    await cannot_pay(world, ada)
    page = (await open_card_page(world.billing, ada.person)).rsplit("/", 1)[1]
    world.stripe.pays(page, card=OTHER_CARD)
    (recovery,) = await world.rows(Recovery)
    world.stripe.breaks("api_500", path=path, after=True)
    with pytest.raises(GatewayUnavailable):
        await adopt_card(world.billing, recovery.id)
    world.stripe.heals()

    for _ in range(2):
        await adopt_card(world.billing, recovery.id)
    await hears_everything(world)

    (recovery,) = await world.rows(Recovery)
    assert (recovery.standing, succeeded(world)) == ("paid", [1200, 1200])


async def test_a_card_changed_in_the_portal_pays_what_is_owed_at_once(
    world: World, ada: Actor
) -> None:
    await cannot_pay(world, ada)
    customer = await ada.customer_id()
    card = world.stripe.post("/v1/payment_methods/pm_card_mastercard/attach", customer=customer)
    (there,) = world.stripe.all("/v1/subscriptions")
    world.stripe.post(f"/v1/subscriptions/{there['id']}", default_payment_method=card["id"])
    default = {"invoice_settings[default_payment_method]": card["id"]}
    world.stripe.post(f"/v1/customers/{customer}", None, **default)

    await hears_everything(world)
    await hears_everything(world)

    (row,) = await world.rows(Subscription)
    assert (row.status, succeeded(world)) == ("active", [1200, 1200])


@ON_SQLITE
@pytest.mark.parametrize(
    ("card", "standing"),
    [(SAVES_AND_FAILS, Standing.declined), (ALWAYS_ASKS, Standing.action)],
)
async def test_a_card_that_fails_or_asks_says_so_and_the_old_state_stays(
    world: World, ada: Actor, card: str, standing: Standing
) -> None:
    await cannot_pay(world, ada)
    page = (await open_card_page(world.billing, ada.person)).rsplit("/", 1)[1]
    world.stripe.post(f"/_control/checkout/{page}/pay", {"card": card, "authentication": "approve"})
    await standing_of_return(world.billing, ada.person, page)
    await world.drain()

    assert await standing_of_return(world.billing, ada.person, page) is standing
    (row,) = await world.rows(Subscription)
    assert (row.status, succeeded(world)) == ("past_due", [1200])


@ON_SQLITE
async def test_a_banner_leads_to_the_page_that_mends_it_and_goes_when_it_is_mended(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    await cannot_pay(world, ada)
    async with open_window(world, ada, tmp_path) as window:
        await window.goes("/pricing")
        assert window.says("Your last payment did not go through.")
        await window.goes("/account/billing/fix")
        assert (window.heading, window.says("€12.00")) == ("Put your payment right", True)

        await window.presses("Use another card")
        assert window.leads_to.startswith(f"{world.stripe.url}/c/pay/")
        await window.goes("/account/billing/fix")
        await window.presses("Try the same card again")

        assert (window.path, window.says("Paid. Everything is in order again.")) == (
            "/account/billing",
            True,
        )
        await window.goes("/pricing")
        assert not window.says("Your last payment did not go through.")
        await window.goes("/account/billing/fix")
        assert window.heading == "Everything is in order"
        await window.goes("/account/billing/card/return?session_id=cs_test_of_nobody")
        assert window.status == 404


@ON_SQLITE
async def test_trying_again_where_nothing_is_owed_charges_nothing(world: World, ada: Actor) -> None:
    await subscribes(world, ada)

    assert await try_again(world.billing, ada.person) is Standing.saved
    assert succeeded(world) == [1200]


async def cannot_pay(world: World, ada: Actor) -> None:
    """Her renewal was declined once, an hour ago."""
    told = await subscribes(world, ada)
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    (item,) = told["items"]["data"]
    await world.move(minutes=(item["current_period_end"] - world.stripe.now()) // 60, hours=2)
    await hears_everything(world)
    (row,) = await world.rows(Subscription)
    assert row.status == "past_due"


def succeeded(world: World) -> list[int]:
    intents: list[Json] = world.stripe.all("/v1/payment_intents")
    return [each["amount"] for each in intents if each["status"] == "succeeded"]
