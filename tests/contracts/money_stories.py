"""Payments told with the official SDK: intents, the bank's page, money given back."""

import pytest
import stripe
from stripe import StripeClient

from tests.contracts.plain import http


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


def give_back(api: StripeClient, url: str) -> None:
    """Refunds, disputes and what they do to the balance."""
    charge = _charge(api, "pm_card_visa")
    refund = api.v1.refunds.create(
        {"charge": charge, "amount": 500, "reason": "requested_by_customer"}
    )
    api.v1.refunds.update(refund.id, {"metadata": {"ticket": "1"}})
    api.v1.refunds.retrieve(refund.id, {"expand": ["charge.balance_transaction"]})
    http.post(f"{url}/_control/refunds/{refund.id}/fail", json={"reason": "unknown"})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.refunds.cancel(refund.id)
    api.v1.refunds.list({"charge": charge})
    for text in ("winning_evidence", "losing_evidence"):
        disputed = _charge(api, "pm_card_createDispute")
        dispute = api.v1.disputes.list({"charge": disputed}).data[0]
        api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})
        api.v1.disputes.retrieve(dispute.id, {"expand": ["charge"]})
    disputed = _charge(api, "pm_card_createDispute")
    api.v1.disputes.close(api.v1.disputes.list({"charge": disputed}).data[0].id)
    api.v1.balance.retrieve()
    moved = api.v1.balance_transactions.list({"type": "adjustment", "expand": ["data.source"]})
    api.v1.balance_transactions.retrieve(moved.data[0].id)


def _charge(api: StripeClient, card: str) -> str:
    paid = api.v1.payment_intents.create(
        {"amount": 2000, "currency": "eur", "payment_method": card, "confirm": True}
    )
    return str(paid.latest_charge)


def credit(api: StripeClient, price: str) -> None:
    """Credit notes: for an invoice that waits, and for one that was paid."""
    customer = api.v1.customers.create({"email": "hedy@example.test"}).id
    waiting = api.v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": price}],
            "payment_behavior": "default_incomplete",
        }
    )
    invoice = str(waiting.latest_invoice)
    note = api.v1.credit_notes.create({"invoice": invoice, "amount": 200, "memo": "Sorry"})
    api.v1.credit_notes.update(note.id, {"metadata": {"ticket": "2"}})
    api.v1.credit_notes.void_credit_note(note.id)
    api.v1.invoices.pay(invoice, {"payment_method": "pm_card_visa"})
    line = api.v1.invoices.line_items.list(invoice).data[0].id
    lines = [{"type": "invoice_line_item", "invoice_line_item": line, "amount": 300}]
    given = {"invoice": invoice, "lines": lines, "refund_amount": 100, "credit_amount": 200}
    api.v1.credit_notes.preview(given)  # type: ignore[arg-type]
    api.v1.credit_notes.preview_lines.list(given)  # type: ignore[arg-type]
    issued = api.v1.credit_notes.create(given)  # type: ignore[arg-type]
    api.v1.credit_notes.retrieve(issued.id, {"expand": ["invoice", "customer_balance_transaction"]})
    api.v1.credit_notes.line_items.list(issued.id)
    api.v1.credit_notes.list({"invoice": invoice})


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
    answer = http.post(f"{url}/_control/challenges/{id_}", json={"approved": approved})
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
    card = api.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    replaced = http.post(f"{url}/_control/payment_methods/{card}/replace", json={})
    assert replaced.status_code == 200
    tries = api.v1.setup_attempts.list({"setup_intent": setup.id, "expand": ["data.setup_intent"]})
    assert [one.status for one in tries.data] == ["succeeded", "failed"]
    session = api.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "eur",
            "customer": customer,
            "success_url": "https://app.example/back",
        }
    )
    paid = http.post(f"{url}/_control/checkout/{session.id}/pay", json={})
    assert paid.status_code == 200
    api.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
