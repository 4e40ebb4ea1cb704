"""Payments told with the official SDK: intents, the bank's page, money given back."""

import httpx2
from stripe import StripeClient


def take_payments(api: StripeClient, url: str) -> None:
    """Payment intents from beginning to end. `url`: the simulator's own."""
    customer = api.v1.customers.create({"email": "joan@example.test"}).id
    intent = api.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "eur",
            "customer": customer,
            "automatic_payment_methods": {"enabled": True},
            "setup_future_usage": "off_session",
        }
    )
    api.v1.payment_intents.update(intent.id, {"metadata": {"order": "1"}})
    asked = api.v1.payment_intents.confirm(
        intent.id,
        {
            "payment_method": "pm_card_authenticationRequired",
            "return_url": "https://app.example/back",
        },
    )
    _bank(url, asked.id, approved=False)
    api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequired"})
    _bank(url, asked.id, approved=True)
    paid = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.customer"]})
    assert paid.status == "succeeded"
    charge = api.v1.charges.list({"payment_intent": paid.id}).data[0]
    api.v1.charges.update(charge.id, {"description": "Order 1"})
    _hold(api)


def _hold(api: StripeClient) -> None:
    """Money that is held: taken in part, and let go."""
    for end in ("capture", "cancel"):
        held = api.v1.payment_intents.create(
            {
                "amount": 3000,
                "currency": "eur",
                "capture_method": "manual",
                "payment_method": "pm_card_visa",
                "confirm": True,
            }
        )
        if end == "capture":
            api.v1.payment_intents.capture(held.id, {"amount_to_capture": 1000})
        else:
            api.v1.payment_intents.cancel(held.id, {"cancellation_reason": "abandoned"})


def _bank(url: str, id_: str, *, approved: bool) -> None:
    answer = httpx2.post(f"{url}/_control/challenges/{id_}", json={"approved": approved})
    assert answer.status_code == 200


def save_cards(api: StripeClient, url: str) -> None:
    """Setup intents, and Checkout that only saves a card."""
    customer = api.v1.customers.create({"email": "mary@example.test"}).id
    setup = api.v1.setup_intents.create({"customer": customer, "usage": "off_session"})
    api.v1.setup_intents.update(setup.id, {"metadata": {"for": "later"}})
    api.v1.setup_intents.confirm(
        setup.id, {"payment_method": "pm_card_authenticationRequiredOnSetup"}
    )
    _bank(url, setup.id, approved=False)
    api.v1.setup_intents.confirm(
        setup.id, {"payment_method": "pm_card_authenticationRequiredOnSetup"}
    )
    _bank(url, setup.id, approved=True)
    api.v1.setup_intents.retrieve(setup.id, {"expand": ["payment_method", "customer"]})
    api.v1.setup_intents.cancel(api.v1.setup_intents.create({}).id)
    api.v1.setup_intents.list({"customer": customer})
    session = api.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "eur",
            "customer": customer,
            "success_url": "https://app.example/back",
        }
    )
    paid = httpx2.post(f"{url}/_control/checkout/{session.id}/pay", json={})
    assert paid.status_code == 200
    api.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
