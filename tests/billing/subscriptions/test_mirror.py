"""Everything that we keep of a subscription, and of what it is paid with, is what Stripe says."""

from datetime import UTC, datetime

import pytest

from admit.billing.catalog.models import Price
from admit.billing.customers.models import BillingAccount
from admit.billing.payment_methods.models import PaymentMethod
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.schedules.models import SubscriptionSchedule
from admit.billing.subscriptions.models import (
    Subscription,
    SubscriptionDiscount,
    SubscriptionItem,
)
from admit.holdings import HOLDINGS
from tests.engines.simulators import Json
from tests.engines.world import Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_pause_an_end_and_its_reason_and_a_change_to_come_are_mirrored(
    world: World, ada: Actor
) -> None:
    there = await subscribes(world, ada)
    yearly = await stripe_price(world, "pro-yearly")
    path = f"/v1/subscriptions/{there['id']}"
    resumes = world.stripe.now() + 40 * 86400

    world.stripe.post(
        path,
        None,
        **{"pause_collection[behavior]": "void", "pause_collection[resumes_at]": str(resumes)},
    )
    schedule = plans(world, there["id"], yearly)
    await hears_everything(world)

    row = await only_subscription(world)
    assert (row.pause_behavior, row.pause_resumes_at) == ("void", moment(resumes))
    assert row.schedule_id == schedule
    (planned,) = await world.rows(SubscriptionSchedule)
    assert (planned.status, planned.next_price_id, planned.next_quantity, planned.changes_at) == (
        "active",
        yearly,
        2,
        row.current_period_end,
    )

    world.stripe.post(f"/v1/subscription_schedules/{schedule}/release")
    reason = {"feedback": "too_expensive", "comment": "Rent went up"}
    world.stripe.post(
        path,
        None,
        cancel_at_period_end="true",
        pause_collection="",
        **{f"cancellation_details[{name}]": said for name, said in reason.items()},
    )
    await hears_everything(world)

    row = await only_subscription(world)
    (planned,) = await world.rows(SubscriptionSchedule)
    assert (row.schedule_id, row.pause_behavior, planned.status) == (None, None, "released")
    assert (planned.ended, planned.next_price_id, planned.changes_at) == (True, None, None)
    assert (row.cancellation_reason, row.cancellation_feedback, row.cancellation_comment) == (
        "cancellation_requested",
        "too_expensive",
        "Rent went up",
    )
    async with world.database.write() as db:
        for holding in HOLDINGS:
            if holding.name in {"subscriptions", "payment_methods"}:
                await holding.erase(db, ada.person.id)
    assert (await only_subscription(world)).cancellation_comment is None
    assert {card.last4 for card in await world.rows(PaymentMethod)} == {None}


@ON_SQLITE
async def test_a_change_that_waits_for_its_payment_is_mirrored_until_it_lapses(
    world: World, ada: Actor
) -> None:
    there = await subscribes(world, ada)
    yearly = await stripe_price(world, "pro-yearly")
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    world.stripe.post(
        f"/v1/subscriptions/{there['id']}",
        None,
        **item(there, price=yearly),
        payment_behavior="pending_if_incomplete",
        proration_behavior="always_invoice",
    )
    await hears_everything(world)

    row = await only_subscription(world)
    assert row.stripe_price_id == await stripe_price(world, "pro-monthly")
    assert (row.pending_price_id, row.pending_quantity) == (yearly, 1)
    assert row.pending_until == moment(world.stripe.now() + 23 * 3600)

    await world.move(hours=24)
    await hears_everything(world)

    row = await only_subscription(world)
    assert (row.pending_price_id, row.pending_quantity, row.pending_until) == (None, None, None)


@ON_SQLITE
async def test_a_second_item_and_a_discount_are_mirrored_whole(world: World, ada: Actor) -> None:
    there = await subscribes(world, ada)
    coupon = world.stripe.post("/v1/coupons", id="spring", percent_off="25", duration="forever")
    extra = world.stripe.post(
        "/v1/prices",
        None,
        currency="eur",
        unit_amount="300",
        product=there["items"]["data"][0]["price"]["product"],
        **{"recurring[interval]": "month"},
    )
    world.stripe.post(
        f"/v1/subscriptions/{there['id']}",
        None,
        **{"discounts[0][coupon]": coupon["id"], "items[0][price]": extra["id"]},
    )
    await hears_everything(world)

    there = world.stripe.get(f"/v1/subscriptions/{there['id']}")
    row = await only_subscription(world)
    items = {kept.id: kept.stripe_price_id for kept in await world.rows(SubscriptionItem)}
    assert items == {told["id"]: told["price"]["id"] for told in there["items"]["data"]}
    assert row.stripe_price_id == await stripe_price(world, "pro-monthly")
    (discount,) = await world.rows(SubscriptionDiscount)
    assert (discount.id, discount.stripe_coupon_id, discount.percent_off, discount.amount_off) == (
        there["discounts"][0],
        "spring",
        25,
        None,
    )

    world.stripe.delete(f"/v1/subscriptions/{there['id']}/discount")
    await hears_everything(world)

    assert await world.rows(SubscriptionDiscount) == []
    assert (await only_subscription(world)).has_discounts is False


@ON_SQLITE
async def test_the_card_is_known_by_brand_and_last_digits_and_so_is_the_one_after_it(
    world: World, ada: Actor
) -> None:
    there = await subscribes(world, ada)
    row = await only_subscription(world)
    (card,) = await world.rows(PaymentMethod)
    assert row.default_payment_method_id == card.id == there["default_payment_method"]
    assert (card.type, card.brand, card.last4, card.exp_month) == ("card", "visa", "4242", 12)

    customer = await ada.customer_id()
    other = world.stripe.post("/v1/payment_methods/pm_card_mastercard/attach", customer=customer)
    world.stripe.post(
        f"/v1/customers/{customer}",
        None,
        **{"invoice_settings[default_payment_method]": other["id"]},
    )
    world.stripe.post(f"/v1/payment_methods/{card.id}/detach")
    await hears_everything(world)

    (account,) = await world.rows(BillingAccount)
    cards = {kept.id: (kept.brand, kept.ended) for kept in await world.rows(PaymentMethod)}
    assert account.default_payment_method_id == other["id"]
    assert cards == {card.id: ("visa", True), other["id"]: ("mastercard", False)}
    assert (await only_subscription(world)).default_payment_method_id is None


@ON_SQLITE
async def test_an_old_word_about_the_default_card_does_not_undo_the_new_one(
    world: World, ada: Actor
) -> None:
    await subscribes(world, ada)
    customer = await ada.customer_id()
    for name in ("pm_card_mastercard", "pm_card_amex"):
        await world.wait(30)
        card = world.stripe.post(f"/v1/payment_methods/{name}/attach", customer=customer)
        default = {"invoice_settings[default_payment_method]": card["id"]}
        world.stripe.post(f"/v1/customers/{customer}", None, **default)
    updated = [told for told in world.stripe.events() if told.type == "customer.updated"]

    for told in reversed(updated):
        await world.deliver([told])
        await world.drain()
    await reconcile(world.billing, ObjectRef("customer", customer))

    (account,) = await world.rows(BillingAccount)
    assert account.default_payment_method_id == card["id"]


async def subscribes(world: World, ada: Actor) -> Json:
    """The subscription as Stripe shows it, known here."""
    await ada.subscribes_to()
    await hears_everything(world)
    (there,) = world.stripe.all("/v1/subscriptions")
    return there


async def hears_everything(world: World) -> None:
    await world.deliver(world.stripe.events())
    await world.drain()


async def only_subscription(world: World) -> Subscription:
    (row,) = await world.rows(Subscription)
    return row


async def stripe_price(world: World, code: str) -> str:
    (price,) = [row for row in await world.rows(Price) if row.code == code]
    return str(price.stripe_price_id)


def plans(world: World, subscription: str, price: str) -> str:
    """A schedule that turns to two of this price at the period's end; its id."""
    made = world.stripe.post("/v1/subscription_schedules", from_subscription=subscription)
    (phase,) = made["phases"]
    (first,) = phase["items"]
    path = f"/v1/subscription_schedules/{made['id']}"
    world.stripe.post(
        path,
        None,
        **{
            "phases[0][items][0][price]": first["price"],
            "phases[0][start_date]": str(phase["start_date"]),
            "phases[0][end_date]": str(phase["end_date"]),
            "phases[1][items][0][price]": price,
            "phases[1][items][0][quantity]": "2",
        },
    )
    return str(made["id"])


def item(subscription: Json, **change: str) -> dict[str, str]:
    (only,) = subscription["items"]["data"]
    return {
        "items[0][id]": only["id"],
        **{f"items[0][{name}]": value for name, value in change.items()},
    }


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
