"""Whatever moves money settles the payment, the invoices that it is meant for, and their access."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, literal, select, union_all

from admit.billing.disputes.models import Dispute
from admit.billing.invoices.settling import settle_invoices_of
from admit.billing.invoices.standing import Moved, Movement, refunded, standing_of
from admit.billing.payments.models import Payment
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.refunds.models import Refund


async def money_moved(
    writing: Writing, payment_intent_id: str | None, charge_id: str | None
) -> None:
    payment = await writing.db.get(Payment, charge_id) if charge_id else None
    if payment is not None:
        await _settle(writing, payment)
    await settle_invoices_of(writing, payment_intent_id, charge_id)


async def _settle(writing: Writing, payment: Payment) -> None:
    moved = await _movements(writing, payment)
    payment.refunded = refunded(moved)
    payment.standing = standing_of(
        "paid" if payment.status == "succeeded" else "open",
        paid=payment.amount,
        attempts=0,
        movements=moved,
    )
    await writing.db.flush()


async def _movements(writing: Writing, payment: Payment) -> Sequence[Movement]:
    rows = await writing.db.execute(BACK, {"charge_id": payment.id})
    own = Movement(Moved.payment, payment.status, payment.amount, payment.created_at)
    return [own, *(Movement(*row) for row in rows)]


BACK = union_all(
    select(literal(Moved.refund.value), Refund.status, Refund.amount, Refund.created_at).where(
        Refund.charge_id == bindparam("charge_id"), Refund.deleted.is_(False)
    ),
    select(
        literal(Moved.dispute.value),
        Dispute.status,
        Dispute.amount,
        func.coalesce(Dispute.lost_at, Dispute.created_at),
    ).where(Dispute.charge_id == bindparam("charge_id"), Dispute.deleted.is_(False)),
)
"""What took money of a payment back."""
