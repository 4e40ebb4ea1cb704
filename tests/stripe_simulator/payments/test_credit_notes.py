"""Credit notes (docs.stripe.com/invoicing/integration/programmatic-credit-notes); EUR 12.00."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_simulator.shop import Shop


def waiting(shop: Shop) -> Any:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    made = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "payment_behavior": "default_incomplete",
        }
    )
    return shop.stripe.invoices.retrieve(made.latest_invoice)


def paid(shop: Shop) -> Any:
    return shop.stripe.invoices.retrieve(shop.subscribed().latest_invoice)


def test_less_is_owed_before_the_payment(shop: Shop) -> None:
    invoice = waiting(shop)

    note = shop.stripe.credit_notes.create({"invoice": invoice.id, "amount": 200, "memo": "Sorry"})
    shop.stripe.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    assert (note.type, note.pre_payment_amount, note.post_payment_amount) == ("pre_payment", 200, 0)
    assert note.number == f"{invoice.number}-CN-01"
    after = shop.stripe.invoices.retrieve(invoice.id)
    assert (after.total, after.amount_paid, after.pre_payment_credit_notes_amount) == (
        1200,
        1000,
        200,
    )
    assert [one.amount for one in shop.stripe.charges.list().data] == [1000]


def test_a_note_over_everything_settles_the_invoice(shop: Shop) -> None:
    invoice = waiting(shop)

    shop.stripe.credit_notes.create({"invoice": invoice.id, "amount": 1200})

    after = shop.stripe.invoices.retrieve(invoice.id)
    assert (after.status, after.amount_paid, after.amount_remaining) == ("paid", 0, 0)
    assert shop.stripe.charges.list().data == []
    assert shop.stripe.subscriptions.list().data[0].status == "active"


def test_a_void_note_owes_again(shop: Shop) -> None:
    invoice = waiting(shop)
    note = shop.stripe.credit_notes.create({"invoice": invoice.id, "amount": 200})

    void = shop.stripe.credit_notes.void_credit_note(note.id)

    assert void.status == "void"
    assert shop.stripe.invoices.retrieve(invoice.id).amount_remaining == 1200
    assert len(shop.events("credit_note.created", "credit_note.voided")) == 2
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.credit_notes.void_credit_note(note.id)


def test_what_was_paid_goes_back_to_card_and_balance(shop: Shop) -> None:
    invoice = paid(shop)

    note = shop.stripe.credit_notes.create(
        {"invoice": invoice.id, "amount": 500, "refund_amount": 300, "credit_amount": 200}
    )

    assert (note.type, note.post_payment_amount) == ("post_payment", 500)
    refund = shop.stripe.refunds.retrieve(note.refunds[0].refund)
    assert (refund.amount, refund.status) == (300, "succeeded")
    assert shop.stripe.customers.retrieve(invoice.customer).balance == -200
    after = shop.stripe.invoices.retrieve(invoice.id)
    assert (after.status, after.amount_paid, after.post_payment_credit_notes_amount) == (
        "paid",
        1200,
        500,
    )


def test_the_parts_have_to_add_up(shop: Shop) -> None:
    invoice = paid(shop)

    for wrong in (
        {"amount": 500},
        {"amount": 500, "refund_amount": 300},
        {"amount": 1201, "credit_amount": 1201},
        {"amount": 0, "credit_amount": 0},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            shop.stripe.credit_notes.create({"invoice": invoice.id, **wrong})
    assert shop.stripe.credit_notes.list().data == []


def test_a_preview_changes_nothing(shop: Shop) -> None:
    invoice = paid(shop)
    line = invoice.lines.data[0].id
    lines = [{"type": "invoice_line_item", "invoice_line_item": line, "quantity": 1}]

    preview = shop.stripe.credit_notes.preview(
        {"invoice": invoice.id, "lines": lines, "credit_amount": 1200}
    )

    assert (preview.total, preview.lines.data[0].amount) == (1200, 1200)
    assert shop.stripe.credit_notes.list({"invoice": invoice.id}).data == []
    assert shop.stripe.customers.retrieve(invoice.customer).balance == 0


def test_a_refund_that_was_made_is_written_down(shop: Shop) -> None:
    invoice = paid(shop)
    charge = shop.stripe.charges.list({"customer": invoice.customer}).data[0]
    refund = shop.stripe.refunds.create({"charge": charge.id, "amount": 700})

    note = shop.stripe.credit_notes.create(
        {"invoice": invoice.id, "amount": 700, "refunds": [{"refund": refund.id}]}
    )

    assert [(one.refund, one.amount_refunded) for one in note.refunds] == [(refund.id, 700)]
    assert len(shop.stripe.refunds.list().data) == 1


def test_a_note_can_be_printed(shop: Shop) -> None:
    note = shop.stripe.credit_notes.create({"invoice": waiting(shop).id, "amount": 200})

    answer = shop.http.get(urlsplit(note.pdf).path)

    assert answer.headers["content-type"] == "application/pdf"
    assert "(€ 2.00) Tj" in answer.content.decode("cp1252")
