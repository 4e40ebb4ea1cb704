"""An invoice from draft to paid."""

from stripe_simulator.billing import challenges, customer_balance, final_taxes
from stripe_simulator.billing.documents import publish
from stripe_simulator.billing.payments import Verdict, confirm, create_intent, verdict
from stripe_simulator.billing.retries import policy
from stripe_simulator.cards import Decline
from stripe_simulator.objects import invoice as built
from stripe_simulator.shapes import HOUR, Json
from stripe_simulator.state.transaction import Transaction

FINALIZE_AFTER = HOUR


def finalize(tx: Transaction, invoice: Json) -> None:
    """Numbers it, opens it, and makes the payment that it waits for."""
    tx.unschedule("invoice.finalize", invoice["id"])
    customer = tx.get(invoice["customer"]) or {}
    sequence = tx.count(f"invoices:{invoice['customer']}")
    invoice["number"] = f"{customer.get('invoice_prefix', 'DELETED')}-{sequence:04d}"
    invoice["status"] = "open"
    invoice["effective_at"] = tx.now
    publish(tx, invoice)
    invoice["customer_tax_ids"] = [
        {"type": one["type"], "value": one["value"]}
        for one in tx.find("tax_id", customer=invoice["customer"])
    ]
    invoice["automatically_finalizes_at"] = None
    if customer.get("deleted"):
        invoice["ending_balance"] = 0
    else:
        final_taxes.settle(tx, invoice, customer)
        customer_balance.use(tx, invoice, customer)
    invoice["last_finalization_error"] = None
    invoice["webhooks_delivered_at"] = tx.now
    invoice["status_transitions"]["finalized_at"] = tx.now
    tx.publish(invoice, "invoice.finalized")
    if invoice["amount_due"] > 0:
        request_payment(tx, invoice)


def request_payment(tx: Transaction, invoice: Json) -> None:
    creating = invoice["billing_reason"] == "subscription_create"
    intent = create_intent(
        tx,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=f"Subscription {'creation' if creating else 'update'}",
        setup_future_usage="off_session",
    )
    tx.add(
        built.invoice_payment(
            tx.new_id("invoice_payment"), invoice, payment_intent=intent["id"], now=tx.now
        )
    )


def collect(
    tx: Transaction,
    invoice: Json,
    *,
    method: Json | None,
    answer: Verdict | None = None,
    on_session: bool = False,
) -> Verdict:
    """One attempt to have an open invoice paid. Without a card it fails without a charge."""
    if invoice["amount_due"] == 0:
        mark_paid(tx, invoice)
        return Verdict()
    payment = default_payment(tx, invoice)
    intent = tx.need("payment_intent", payment["payment"]["payment_intent"])
    invoice["attempted"] = True
    invoice["attempt_count"] += 1
    if method is None:
        return Verdict(NO_CARD)
    if answer is None:
        answer = verdict(
            tx,
            customer=invoice["customer"],
            number=method["_number"],
            on_session=on_session,
            set_up=method.get("_set_up", False),
        )
    if answer.challenge:
        challenges.ask(tx, intent, method, return_url=invoice["hosted_invoice_url"])
        return answer
    confirm(tx, intent, method, answer)
    if answer.decline is None:
        settle(tx, payment)
        mark_paid(tx, invoice)
    return answer


NO_CARD = Decline(
    "resource_missing",
    "This customer has no attached payment source or default payment method. Please consider"
    " adding a default payment method.",
)


def default_payment(tx: Transaction, invoice: Json) -> Json:
    return tx.find("invoice_payment", invoice=invoice["id"])[0]


def settle(tx: Transaction, payment: Json) -> None:
    payment["status"] = "paid"
    payment["amount_paid"] = payment["amount_requested"]
    payment["status_transitions"]["paid_at"] = tx.now
    tx.publish(payment, "invoice_payment.paid")


def mark_paid(tx: Transaction, invoice: Json) -> None:
    tx.unschedule("invoice.retry", invoice["id"])
    invoice |= {
        "status": "paid",
        "attempted": True,
        "auto_advance": False,
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "next_payment_attempt": None,
    }
    invoice["status_transitions"]["paid_at"] = tx.now
    tx.save(invoice, "invoice.updated")
    tx.publish(invoice, "invoice.paid", "invoice.payment_succeeded")


def attempt_failed(tx: Transaction, invoice: Json, *, retry: bool) -> None:
    """Tells of it, and plans the next attempt while there is one."""
    tries = invoice["attempt_count"] - 1
    waits = policy(tx).after
    delay = waits[tries] if retry and tries < len(waits) else None
    invoice["next_payment_attempt"] = tx.now + delay if delay else None
    if delay:
        tx.schedule("invoice.retry", invoice["id"], tx.now + delay)
    tx.save(invoice, "invoice.updated")
    tx.emit("invoice.payment_failed", invoice)


def action_required(tx: Transaction, invoice: Json) -> None:
    """The holder has to come: his bank asks for him."""
    tx.save(invoice, "invoice.updated")
    tx.emit("invoice.payment_action_required", invoice)


def stop_collecting(tx: Transaction, invoice: Json) -> None:
    """A canceled subscription's invoices stay as they are; nobody tries to have them paid."""
    tx.unschedule("invoice.retry", invoice["id"])
    tx.unschedule("invoice.finalize", invoice["id"])
    invoice |= {
        "auto_advance": False,
        "automatically_finalizes_at": None,
        "next_payment_attempt": None,
    }
    tx.save(invoice, "invoice.updated")


def void(tx: Transaction, invoice: Json) -> None:
    customer = tx.get(invoice["customer"])
    if customer and not customer.get("deleted"):
        customer_balance.give_back(tx, invoice, customer)
    tx.unschedule("invoice.retry", invoice["id"])
    invoice |= {"status": "void", "auto_advance": False, "next_payment_attempt": None}
    invoice["status_transitions"]["voided_at"] = tx.now
    tx.save(invoice, "invoice.updated")
    tx.emit("invoice.voided", invoice)
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="open"):
        cancel_payment(tx, payment)


def cancel_payment(tx: Transaction, payment: Json) -> None:
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = tx.now
    tx.save(payment)
    intent = tx.need("payment_intent", payment["payment"]["payment_intent"])
    intent |= {
        "status": "canceled",
        "canceled_at": tx.now,
        "cancellation_reason": "void_invoice",
        "next_action": None,
    }
    tx.save(intent)
    tx.emit("payment_intent.canceled", intent)
