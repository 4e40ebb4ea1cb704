"""What an application does at Stripe, told with the official SDK: every operation we answer."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import stripe
from stripe import StripeClient

from tests.contracts.plain import http

DAY = 24 * 3600
MONTH = 31 * DAY
CARD = {"exp_month": "12", "exp_year": "40", "cvc": "123", "name": "Ada Lovelace"}
EXPANDED_INVOICE = ["latest_invoice.payments", "customer"]

Advance = Callable[[int], None]
"""Lets simulated seconds pass."""


@dataclass(frozen=True)
class Catalogue:
    """Ids. `pro` costs 12.00 a month, `trial` 99.00 a year, `book` 30.00 once (euros)."""

    product: str
    pro: str
    trial: str
    book: str


def sell(api: StripeClient) -> Catalogue:
    """Products, prices and the features that a product brings."""
    feature = api.v1.entitlements.features.create({"lookup_key": "premium", "name": "Premium"})
    api.v1.entitlements.features.update(feature.id, {"name": "Premium pages"})
    api.v1.entitlements.features.retrieve(feature.id)
    api.v1.entitlements.features.list({"limit": 3})
    product = api.v1.products.create({"name": "Pro", "metadata": {"plan": "pro"}})
    link = api.v1.products.features.create(product.id, {"entitlement_feature": feature.id})
    api.v1.products.features.retrieve(product.id, link.id)
    api.v1.products.features.list(product.id)
    passing = api.v1.entitlements.features.create({"lookup_key": "passing", "name": "Passing"})
    gone = api.v1.products.features.create(product.id, {"entitlement_feature": passing.id})
    api.v1.products.features.delete(product.id, gone.id)
    api.v1.products.update(product.id, {"description": "Everything", "images": []})
    api.v1.products.retrieve(product.id, {"expand": ["default_price"]})
    api.v1.products.delete(api.v1.products.create({"name": "A mistake"}).id)
    api.v1.products.list({"active": True, "limit": 2})
    return _prices(api, product.id)


def _prices(api: StripeClient, product: str) -> Catalogue:
    pro = api.v1.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": 1200,
            "lookup_key": "pro_monthly",
            "recurring": {"interval": "month"},
        }
    )
    trial = api.v1.prices.create(
        {
            "product": product,
            "currency": "eur",
            "unit_amount": 9900,
            "recurring": {"interval": "year"},
        }
    )
    book = api.v1.prices.create(
        {"product_data": {"name": "Book"}, "currency": "eur", "unit_amount": 3000}
    )
    api.v1.prices.update(pro.id, {"nickname": "Monthly", "metadata": {"plan": "pro"}})
    api.v1.prices.retrieve(pro.id, {"expand": ["product"]})
    api.v1.prices.list({"lookup_keys": ["pro_monthly"], "expand": ["data.product"]})
    return Catalogue(product, pro.id, trial.id, book.id)


def meet_customers(api: StripeClient) -> None:
    """Customers and their cards, and what a card may answer."""
    ada = api.v1.customers.create({"email": "ada@example.test", "name": "Ada Lovelace"})
    api.v1.customers.update(ada.id, {"metadata": {"user": "1"}, "preferred_locales": ["de"]})
    api.v1.customers.list({"email": "ada@example.test"})
    card = api.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    api.v1.payment_methods.attach(card.id, {"customer": ada.id})
    api.v1.payment_methods.update(card.id, {"metadata": {"of": "Ada"}})
    api.v1.payment_methods.retrieve(card.id, {"expand": ["customer"]})
    api.v1.payment_methods.list({"customer": ada.id, "type": "card"})
    api.v1.customers.payment_methods.list(ada.id)
    api.v1.customers.payment_methods.retrieve(ada.id, card.id)
    api.v1.customers.update(ada.id, {"invoice_settings": {"default_payment_method": card.id}})
    api.v1.customers.retrieve(ada.id, {"expand": ["invoice_settings.default_payment_method"]})
    api.v1.payment_methods.detach(card.id)
    with pytest.raises(stripe.CardError):
        api.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": ada.id})
    api.v1.customers.delete(ada.id)
    api.v1.customers.retrieve(ada.id)
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.retrieve("cus_nobody")


def check_out(api: StripeClient, goods: Catalogue) -> str:
    """Hosted pages: refused, paid, expired, once and again and again. A subscription's id."""
    grace = api.v1.customers.create({"email": "grace@example.test"})
    paid = _session(api, goods.pro, customer=grace.id)
    assert _pay(paid, "4000 0000 0000 0002") == 402
    assert _pay(paid, "4242 4242 4242 4242") == 303
    trial = _session(api, goods.trial, customer=grace.id, trial_days=14)
    assert _pay(trial, "5555 5555 5555 4444") == 303
    once = api.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://app.example/return?s={CHECKOUT_SESSION_ID}",
            "line_items": [{"price": goods.book, "quantity": 2}],
        }
    )
    assert _pay(once, "4000 0000 0000 9995") == 402
    assert _pay(once, "4242 4242 4242 4242") == 303
    left = _session(api, goods.pro, customer=grace.id, key="left")
    api.v1.checkout.sessions.update(left.id, {"metadata": {"left": "yes"}})
    api.v1.checkout.sessions.expire(left.id)
    api.v1.checkout.sessions.line_items.list(paid.id)
    api.v1.checkout.sessions.list({"customer": grace.id, "limit": 1})
    whole = ["subscription.latest_invoice", "customer", "line_items", "invoice"]
    done = api.v1.checkout.sessions.retrieve(paid.id, {"expand": whole})
    api.v1.checkout.sessions.retrieve(once.id, {"expand": ["payment_intent.latest_charge"]})
    _look_at_entitlements(api, grace.id)
    assert isinstance(done.subscription, stripe.Subscription)
    return done.subscription.id


def _session(
    api: StripeClient, price: str, *, customer: str, trial_days: int | None = None, key: str = ""
) -> stripe.checkout.Session:
    metadata = {"user": "2"}
    return api.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "client_reference_id": "2",
            "success_url": "https://app.example/return?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://app.example/pricing",
            "line_items": [{"price": price, "quantity": 1}],
            "metadata": metadata,
            "subscription_data": {"metadata": metadata, "trial_period_days": trial_days}
            if trial_days
            else {"metadata": metadata},
        },
        {"idempotency_key": f"{customer}:{price}:{key}"},
    )


def _pay(session: stripe.checkout.Session, number: str) -> int:
    assert session.url
    form = {**CARD, "number": number, "email": "someone@example.test"}
    return http.post(session.url, data=form).status_code


def _look_at_entitlements(api: StripeClient, customer: str) -> None:
    held = api.v1.entitlements.active_entitlements.list({"customer": customer})
    assert [one.lookup_key for one in held.data] == ["premium"]
    api.v1.entitlements.active_entitlements.retrieve(held.data[0].id)


def renew_and_end(api: StripeClient, subscription: str, advance: Advance) -> None:
    """A renewal, a planned end that is taken back, a failing card, an end."""
    advance(MONTH + 2 * 3600)
    api.v1.subscriptions.list({"status": "all", "expand": ["data.default_payment_method"]})
    api.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    api.v1.subscriptions.update(subscription, {"cancel_at_period_end": False})
    api.v1.subscription_items.list({"subscription": subscription})
    seen = api.v1.subscriptions.retrieve(subscription, {"expand": EXPANDED_INVOICE})
    assert isinstance(seen.customer, stripe.Customer)
    api.v1.invoices.list({"subscription": subscription, "status": "paid"})
    api.v1.charges.list({"customer": seen.customer.id})
    api.v1.payment_intents.list({"customer": seen.customer.id})
    api.v1.subscriptions.update(
        subscription, {"cancel_at_period_end": True, "cancellation_details": {"feedback": "other"}}
    )
    advance(2 * MONTH)
    ended = api.v1.subscriptions.retrieve(subscription)
    assert ended.status == "canceled"


def fail_and_recover(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Invoices that wait: for a card, for the bank, for a person, for nothing."""
    alan = api.v1.customers.create({"email": "alan@example.test"})
    waiting = api.v1.subscriptions.create(
        {
            "customer": alan.id,
            "items": [{"price": goods.pro}],
            "payment_behavior": "default_incomplete",
            "expand": EXPANDED_INVOICE,
        }
    )
    intent = _intent_of(api, waiting)
    with pytest.raises(stripe.CardError):
        api.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_chargeDeclined"})
    paid = api.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    charged = api.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]})
    assert isinstance(charged.latest_charge, stripe.Charge)
    api.v1.charges.retrieve(charged.latest_charge.id)
    _card_that_stops_paying(api, alan.id)
    advance(MONTH)
    draft = api.v1.invoices.list({"customer": alan.id}).data[0]
    _settle_by_hand(api, draft)
    advance(MONTH + 3 * 3600)
    failed = api.v1.invoices.list({"customer": alan.id, "status": "open"}).data[0]
    with pytest.raises(stripe.CardError):
        api.v1.invoices.pay(str(failed.id))
    advance(4 * DAY)
    api.v1.invoices.pay(str(failed.id), {"payment_method": "pm_card_visa"})
    api.v1.invoices.line_items.list(str(failed.id))
    api.v1.subscriptions.cancel(waiting.id, {"cancellation_details": {"comment": "Too much"}})
    _void_an_invoice(api, goods)


def _intent_of(api: StripeClient, subscription: stripe.Subscription) -> str:
    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    payments = api.v1.invoice_payments.list({"invoice": str(invoice.id)})
    api.v1.invoice_payments.retrieve(payments.data[0].id, {"expand": ["invoice"]})
    intent = payments.data[0].payment.payment_intent
    assert isinstance(intent, str)
    return intent


def _card_that_stops_paying(api: StripeClient, customer: str) -> None:
    card = api.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    api.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card.id}})
    for subscription in api.v1.subscriptions.list({"customer": customer}).data:
        api.v1.subscriptions.update(subscription.id, {"default_payment_method": card.id})


def _settle_by_hand(api: StripeClient, draft: stripe.Invoice) -> None:
    assert draft.status == "draft"
    api.v1.invoices.finalize_invoice(str(draft.id))
    api.v1.invoices.pay(str(draft.id), {"paid_out_of_band": True})
    api.v1.invoices.retrieve(str(draft.id), {"expand": ["payments"]})


def _void_an_invoice(api: StripeClient, goods: Catalogue) -> None:
    edsger = api.v1.customers.create({"email": "edsger@example.test"})
    waiting = api.v1.subscriptions.create(
        {
            "customer": edsger.id,
            "items": [{"price": goods.pro}],
            "payment_behavior": "default_incomplete",
        }
    )
    api.v1.invoices.void_invoice(str(waiting.latest_invoice))


def listen(api: StripeClient, url: str) -> None:
    """Webhook endpoints, the account and its events."""
    endpoint = api.v1.webhook_endpoints.create(
        {"url": url, "enabled_events": ["customer.deleted"], "description": "Another listener"}
    )
    api.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["customer.created"]})
    api.v1.webhook_endpoints.retrieve(endpoint.id)
    api.v1.webhook_endpoints.list({"limit": 5})
    api.v1.webhook_endpoints.delete(endpoint.id)
    api.v1.accounts.retrieve_current()
    api.v1.events.list({"delivery_success": False, "type": "customer.*"})
    events = api.v1.events.list({"limit": 100})
    api.v1.events.retrieve(events.data[0].id)
