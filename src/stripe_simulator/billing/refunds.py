"""Giving money back: all of a charge or a part of it.

docs.stripe.com/refunds: fees are not returned; a refund may fail later, and then the money comes
back to the account (docs.stripe.com/testing: card 4000 0000 0000 5126).
"""

from stripe_simulator.billing import balance
from stripe_simulator.errors import invalid
from stripe_simulator.objects.refund import refund
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

FAILS = "4000000000005126"
FAILS_AFTER = 60
"""Seconds of simulated time until the refund to the card that takes none has failed."""


def give_back(
    tx: Transaction, charge: Json, *, amount: int | None, reason: str | None, metadata: Json
) -> Json:
    """Errors: 400 when it is more than is left of the charge, or nothing was ever taken."""
    left = charge["amount"] - charge["amount_refunded"]
    check(charge, amount, left)
    given = left if amount is None else amount
    if not charge["captured"]:
        return release(tx, charge)
    made = refund(
        tx.new_id("refund"), charge, amount=given, reason=reason, metadata=metadata, now=tx.now
    )
    made["balance_transaction"] = moved(tx, made, kind="refund", amount=-given)
    charge["amount_refunded"] += given
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    tx.add(made, "refund.created")
    tx.save(charge, "charge.refunded")
    method = tx.get(charge["payment_method"] or "", "payment_method")
    if method and method.get("_number") == FAILS:
        tx.schedule("refund.fail", made["id"], tx.now + FAILS_AFTER)
    return made


def check(charge: Json, amount: int | None, left: int) -> None:
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} cannot be refunded: it did not succeed.")
    if charge["disputed"]:
        raise invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if left == 0:
        raise invalid(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if amount is not None and amount > left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            param="amount",
        )


def moved(tx: Transaction, made: Json, *, kind: str, amount: int) -> str:
    transaction = balance.record(
        tx,
        kind=kind,
        source=made["id"],
        amount=amount,
        currency=made["currency"],
        description="REFUND FOR CHARGE" if kind == "refund" else "REFUND FAILURE",
    )
    return str(transaction["id"])


def release(tx: Transaction, charge: Json) -> Json:
    """A charge that was held and never taken: the card is freed, the balance does not move."""
    left = charge["amount"] - charge["amount_refunded"]
    made = refund(tx.new_id("refund"), charge, amount=left, reason=None, metadata={}, now=tx.now)
    made["destination_details"]["card"]["type"] = "reversal"
    charge |= {"amount_refunded": charge["amount"], "refunded": True}
    tx.add(made, "refund.created")
    tx.save(charge, "charge.refunded")
    return made


def fails(tx: Transaction, id_: str) -> None:
    """A timer: the bank sends the money back."""
    made = tx.need("refund", id_)
    if made["status"] == "succeeded":
        fail(tx, made, reason="expired_or_canceled_card")


def fail(tx: Transaction, made: Json, *, reason: str, status: str = "failed") -> None:
    charge = tx.need("charge", made["charge"])
    made |= {
        "status": status,
        "failure_reason": reason,
        "failure_balance_transaction": moved(
            tx, made, kind="refund_failure", amount=made["amount"]
        ),
    }
    charge["amount_refunded"] -= made["amount"]
    charge["refunded"] = False
    tx.save(charge, "charge.updated")
    tx.save(made, "refund.updated")
    tx.emit("charge.refund.updated", made)
    tx.emit("refund.failed", made)
