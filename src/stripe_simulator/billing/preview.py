"""What would happen, without its happening: the same code runs, and nothing of it stays.

docs.stripe.com/billing/subscriptions/prorations#preview-proration.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from stripe_simulator.billing import drafts, first_parts, item_periods
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@contextmanager
def rehearsal(tx: Transaction) -> Iterator[Transaction]:
    """A transaction within this one: it sees everything, and is undone; no event is sent.

    Its objects are its own, so that they may be used after the end.
    """
    tx.db.execute("SAVEPOINT rehearsal")
    try:
        yield tx.quiet()
    finally:
        tx.db.execute("ROLLBACK TO rehearsal")
        tx.db.execute("RELEASE rehearsal")


def renewal(
    tx: Transaction,
    subscription: Json,
    customer: Json,
    *,
    periods: bool = True,
    pending: bool = True,
) -> Json:
    """The invoice of the next period, as if it began now; call it in a rehearsal.

    Without `pending` it is what comes back every period; without `periods` only what waits.
    """
    past = item_periods.current_start(subscription)
    ends = item_periods.current_end(subscription)
    starts_paying = subscription["status"] == "trialing"
    if starts_paying:
        subscription["status"] = "active"
        subscription["_usage_from"] = {one["id"]: ends for one in subscription["items"]["data"]}
    tx.now = ends
    due = item_periods.roll(subscription, ends) if periods else []
    if starts_paying:
        due = first_parts.after_trial(tx, subscription, due)
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="upcoming",
        due=due,
        pending=pending,
    )
    return invoice | {"period_start": past, "period_end": ends, "next_payment_attempt": ends + 3600}


def keep_rates(tx: Transaction, trial: Transaction, invoice: Json) -> None:
    """The rates that automatic tax was shown with can be looked at after the rehearsal, too."""
    for tax in invoice["total_taxes"]:
        id_ = tax["tax_rate_details"]["tax_rate"]
        if tx.get(id_) is None:
            tx.add(trial.need("tax_rate", id_))


def as_preview(tx: Transaction, invoice: Json) -> Json:
    """Previews have an id of their own, and no page."""
    id_ = "upcoming_" + tx.new_id("invoice")
    shown = invoice | {
        "id": id_,
        "status": "draft",
        "number": None,
        "billing_reason": "upcoming",
        "automatically_finalizes_at": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "created": tx.now,
        "amount_paid": 0,
        "amount_remaining": invoice["amount_due"],
        "ending_balance": None,
        "attempted": False,
        "attempt_count": 0,
        "effective_at": None,
        "webhooks_delivered_at": None,
    }
    shown["status_transitions"] = dict.fromkeys(invoice["status_transitions"])
    shown["lines"] = invoice["lines"] | {
        "data": [line | {"invoice": id_} for line in invoice["lines"]["data"]],
        "url": f"/v1/invoices/upcoming/lines?invoice={id_}",
    }
    return shown
