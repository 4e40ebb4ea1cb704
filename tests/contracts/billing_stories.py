"""Changing what somebody pays: items, coupons, pauses. Told with the official SDK."""

from typing import Any

import stripe
from stripe import StripeClient

from tests.contracts.plain import http
from tests.contracts.stories import CARD as ENTRY
from tests.contracts.stories import DAY, Advance, Catalogue

CARD = {**ENTRY, "number": "4242 4242 4242 4242", "email": "someone@example.test"}


def customer_with_card(api: StripeClient, name: str, card: str = "pm_card_visa") -> str:
    made = api.v1.customers.create({"email": f"{name}@example.test", "name": name.title()})
    method = api.v1.payment_methods.attach(card, {"customer": made.id})
    api.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": method.id}})
    return made.id


def price(api: StripeClient, goods: Catalogue, amount: int, interval: str = "month") -> str:
    made = api.v1.prices.create(
        {
            "product": goods.product,
            "currency": "eur",
            "unit_amount": amount,
            "recurring": {"interval": "year" if interval == "year" else "month"},
        }
    )
    return made.id


def change_plans(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Up, down, more, fewer, another rhythm; pending, and never."""
    barbara = customer_with_card(api, "barbara")
    big, seat = price(api, goods, 3000), price(api, goods, 500)
    begun = api.v1.subscriptions.create({"customer": barbara, "items": [{"price": goods.pro}]})
    item = begun.items.data[0].id
    advance(10 * DAY)
    api.v1.subscriptions.update(begun.id, {"items": [{"id": item, "price": big}]})
    added = api.v1.subscription_items.create(
        {"subscription": begun.id, "price": seat, "quantity": 2}
    )
    api.v1.subscription_items.update(
        added.id, {"quantity": 5, "proration_behavior": "always_invoice"}
    )
    api.v1.subscription_items.retrieve(added.id)
    api.v1.subscription_items.delete(added.id, {"proration_behavior": "none"})
    advance(5 * DAY)
    api.v1.subscriptions.update(
        begun.id,
        {
            "items": [{"id": item, "price": price(api, goods, 9000, "year")}],
            "payment_behavior": "error_if_incomplete",
        },
    )
    api.v1.subscriptions.update(begun.id, {"trial_end": _soon(api, begun.id)})
    api.v1.subscriptions.update(begun.id, {"trial_end": "now"})
    api.v1.subscriptions.cancel(begun.id, {"invoice_now": True, "prorate": True})


def _soon(api: StripeClient, subscription: str) -> int:
    return api.v1.subscriptions.retrieve(subscription).items.data[0].current_period_start + 9 * DAY


def wait_for_payment(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """A change that is paid in the end, and one that is not."""
    radia = customer_with_card(api, "radia")
    big = price(api, goods, 3000)
    begun = api.v1.subscriptions.create({"customer": radia, "items": [{"price": goods.pro}]})
    poor = api.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": radia})
    api.v1.subscriptions.update(begun.id, {"default_payment_method": poor.id})
    for quantity in (2, 5):
        changed = api.v1.subscriptions.update(
            begun.id,
            {
                "items": [{"id": begun.items.data[0].id, "price": big, "quantity": quantity}],
                "proration_behavior": "always_invoice",
                "payment_behavior": "pending_if_incomplete",
            },
        )
        assert changed.pending_update
        if quantity == 2:
            api.v1.invoices.pay(str(changed.latest_invoice), {"payment_method": "pm_card_visa"})
        advance(DAY)
    api.v1.subscriptions.cancel(begun.id)


def pause(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Collection, and the whole subscription."""
    john = customer_with_card(api, "john")
    begun = api.v1.subscriptions.create({"customer": john, "items": [{"price": goods.pro}]})
    api.v1.subscriptions.update(begun.id, {"pause_collection": {"behavior": "void"}})
    advance(32 * DAY)
    api.v1.subscriptions.update(begun.id, {"pause_collection": {"behavior": "mark_uncollectible"}})
    advance(31 * DAY)
    api.v1.subscriptions.update(begun.id, {"pause_collection": ""})
    api.v1.subscriptions.pause(
        begun.id,
        {
            "type": "subscription",
            "bill_for": {"unused_time_from": {"type": "now"}},
            "invoicing_behavior": "pending_invoice_item",
        },
    )
    advance(DAY)
    api.v1.subscriptions.resume(begun.id, {"billing_cycle_anchor": {"type": "unchanged"}})
    api.v1.subscriptions.cancel(begun.id)


def discount(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Coupons and their codes, once, for months, for ever."""
    lynn = customer_with_card(api, "lynn")
    half = api.v1.coupons.create(
        {
            "percent_off": 50,
            "duration": "repeating",
            "duration_in_months": 2,
            "applies_to": {"products": [goods.product]},
        }
    )
    fiver = api.v1.coupons.create(
        {
            "id": "FIVER",
            "amount_off": 500,
            "currency": "eur",
            "currency_options": {"usd": {"amount_off": 600}},
            "duration": "once",
            "max_redemptions": 3,
            "name": "Five off",
        }
    )
    api.v1.coupons.update(half.id, {"metadata": {"of": "spring"}})
    api.v1.coupons.retrieve(fiver.id, {"expand": ["currency_options", "applies_to"]})
    api.v1.coupons.list({"limit": 3})
    code = api.v1.promotion_codes.create(
        {
            "promotion": {"type": "coupon", "coupon": fiver.id},
            "code": "HELLO",
            "restrictions": {"first_time_transaction": True},
        }
    )
    api.v1.promotion_codes.retrieve(code.id, {"expand": ["promotion.coupon"]})
    api.v1.promotion_codes.list({"code": "hello", "active": True})
    begun = api.v1.subscriptions.create(
        {
            "customer": lynn,
            "items": [{"price": goods.pro}],
            "discounts": [{"coupon": half.id}, {"promotion_code": code.id}],
            "expand": ["discounts.source.coupon", "latest_invoice.discounts"],
        }
    )
    api.v1.promotion_codes.update(code.id, {"active": False})
    advance(63 * DAY)
    api.v1.subscriptions.update(begun.id, {"discounts": [{"coupon": half.id}]})
    api.v1.subscriptions.delete_discount(begun.id)
    api.v1.subscriptions.cancel(begun.id)
    api.v1.coupons.delete(half.id)


def sell_for_less(api: StripeClient, goods: Catalogue) -> None:
    """A session with a coupon, one with a code that is typed, a trial without a card."""
    coupon = api.v1.coupons.create({"percent_off": 10.5, "duration": "once"}).id
    api.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon}, "code": "TYPED"}
    )
    given = _session(api, goods.pro, {"discounts": [{"coupon": coupon}]})
    assert http.post(str(given.url), data=CARD).status_code == 303
    typed = _session(api, goods.pro, {"allow_promotion_codes": True})
    assert http.post(f"{typed.url}/code", data={"code": "typed"}).status_code == 303
    assert http.post(str(typed.url), data=CARD).status_code == 303
    free = _session(
        api,
        goods.pro,
        {
            "payment_method_collection": "if_required",
            "subscription_data": {
                "trial_period_days": 3,
                "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
            },
        },
    )
    assert http.post(str(free.url), data={"email": "free@example.test"}).status_code == 303
    for session in (given, typed, free):
        seen = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription.discounts"]})
        assert isinstance(seen.subscription, stripe.Subscription)
        api.v1.subscriptions.cancel(seen.subscription.id)


def _session(api: StripeClient, price: str, more: dict[str, Any]) -> stripe.checkout.Session:
    params: Any = {
        "mode": "subscription",
        "success_url": "https://app.example/return",
        "line_items": [{"price": price, "quantity": 1}],
        **more,
    }
    return api.v1.checkout.sessions.create(params)


def decline_is_told(api: StripeClient, goods: Catalogue) -> None:
    """`error_if_incomplete` changes nothing."""
    ken = customer_with_card(api, "ken")
    begun = api.v1.subscriptions.create({"customer": ken, "items": [{"price": goods.pro}]})
    poor = api.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": ken})
    api.v1.subscriptions.update(begun.id, {"default_payment_method": poor.id})
    try:
        api.v1.subscriptions.update(
            begun.id,
            {
                "items": [{"id": begun.items.data[0].id, "quantity": 3}],
                "proration_behavior": "always_invoice",
                "payment_behavior": "error_if_incomplete",
            },
        )
    except stripe.CardError:
        api.v1.subscriptions.cancel(begun.id)
        return
    raise AssertionError("The card was to be declined.")


def tell_all(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    change_plans(api, goods, advance)
    wait_for_payment(api, goods, advance)
    pause(api, goods, advance)
    discount(api, goods, advance)
    sell_for_less(api, goods)
    decline_is_told(api, goods)
