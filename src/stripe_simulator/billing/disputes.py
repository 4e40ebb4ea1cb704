"""A holder disputes a charge: the money is taken back at once, and returned when the seller wins.

docs.stripe.com/disputes and docs.stripe.com/testing#evidence: the text `winning_evidence` wins,
`losing_evidence` loses; anything else that is submitted waits for a control call. The fee stays.
"""

from stripe_simulator.billing import balance
from stripe_simulator.errors import invalid
from stripe_simulator.objects.dispute import dispute
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

DISPUTED = "4000000000000259"
REASONS = (
    "credit_not_processed",
    "duplicate",
    "fraudulent",
    "general",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
)
OPEN = ("needs_response", "under_review")
DECIDING = {"winning_evidence": "won", "losing_evidence": "lost"}


def open_dispute(
    tx: Transaction, charge: Json, *, amount: int | None = None, reason: str = "fraudulent"
) -> Json:
    """Errors: 400 for a charge that did not succeed or is disputed already."""
    if charge["status"] != "succeeded" or not charge["captured"] or charge["disputed"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed.")
    wanted = amount or charge["amount_captured"] - charge["amount_refunded"]
    made = dispute(tx.new_id("dispute"), charge, amount=wanted, reason=reason, now=tx.now)
    money(tx, made, amount=-made["amount"], fee=balance.DISPUTE_FEE, category="dispute")
    charge["disputed"] = True
    tx.add(made, "charge.dispute.created")
    tx.emit("charge.dispute.funds_withdrawn", made)
    tx.save(charge, "charge.updated")
    tx.schedule("dispute.lost", made["id"], made["evidence_details"]["due_by"])
    return made


def money(tx: Transaction, made: Json, *, amount: int, fee: int, category: str) -> None:
    back = "Chargeback reversal for" if amount > 0 else "Chargeback withdrawal for"
    moved = balance.record(
        tx,
        kind="adjustment",
        category=category,
        source=made["id"],
        amount=amount,
        fee=fee,
        currency=made["currency"],
        description=f"{back} {made['charge']}",
    )
    made["balance_transactions"] = [*made["balance_transactions"], moved]


def submit(tx: Transaction, made: Json) -> None:
    """The evidence goes to the bank; some of it decides at once."""
    details = made["evidence_details"]
    details["submission_count"] += 1
    details["submission_method"] = "manual"
    made["status"] = "under_review"
    outcome = DECIDING.get(made["evidence"]["uncategorized_text"] or "")
    tx.save(made, "charge.dispute.updated")
    if outcome:
        settle(tx, made, outcome=outcome)


def settle(tx: Transaction, made: Json, *, outcome: str) -> None:
    """`outcome`: won or lost. Errors: 400 when it was settled before."""
    if made["status"] not in OPEN:
        raise invalid(f"This dispute is already closed: {made['status']}.")
    tx.unschedule("dispute.lost", made["id"])
    made["status"] = outcome
    if outcome == "won":
        money(tx, made, amount=made["amount"], fee=0, category="dispute_reversal")
    tx.save(made)
    tx.emit("charge.dispute.closed", made)
    if outcome == "won":
        tx.emit("charge.dispute.funds_reinstated", made)


def times_out(tx: Transaction, id_: str) -> None:
    """A timer: nobody answered in time."""
    made = tx.need("dispute", id_)
    if made["status"] == "needs_response":
        made["evidence_details"]["past_due"] = True
        settle(tx, made, outcome="lost")
