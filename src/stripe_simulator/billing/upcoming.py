"""`invoice.upcoming`, seven days before a renewal (Stripe's setting: 3, 7, 15, 30 or 45)."""

from stripe_simulator.billing import preview
from stripe_simulator.state.transaction import Transaction


def tell(tx: Transaction, id_: str) -> None:
    """Nobody is told of an invoice that will not come."""
    subscription = tx.need("subscription", id_)
    if subscription["cancel_at_period_end"] or subscription["status"] in ("paused", "canceled"):
        return
    with preview.rehearsal(tx) as trial:
        again = trial.need("subscription", id_)
        customer = trial.need("customer", again["customer"])
        invoice = preview.renewal(trial, again, customer)
    shown = preview.as_preview(tx, invoice)
    tx.emit("invoice.upcoming", shown)
