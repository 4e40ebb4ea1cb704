"""Whatever moves an invoice's money settles the invoice, and the access that it pays for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, literal, or_, select, union_all
from sqlalchemy.sql import ColumnElement, Select

from admit.billing.disputes.models import Dispute
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.repository import Invoices
from admit.billing.invoices.standing import (
    Moved,
    Movement,
    refunded,
    standing_of,
    taken_back_at,
)
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.refunds.models import Refund
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.models import Subscription


async def settle_invoices_of(writing: Writing, *payment_ids: str | None) -> None:
    """Those that this payment intent, or this charge, is meant for."""
    known = [payment_id for payment_id in payment_ids if payment_id]
    for invoice in await Invoices(writing.db).paid_by(known):
        await settle_invoice(writing, invoice)


async def settle_invoice(writing: Writing, invoice: Invoice) -> None:
    moved = await _movements(writing, invoice.id)
    invoice.refunded = refunded(moved)
    invoice.taken_back_at = taken_back_at(
        invoice.amount_paid, moved, when_disputed=writing.ends_when_disputed
    )
    invoice.standing = standing_of(
        invoice.status,
        paid=invoice.amount_paid,
        attempts=invoice.attempt_count,
        movements=moved,
    )
    await writing.db.flush()
    if invoice.subscription_id is None:
        return
    subscription = await writing.db.get(Subscription, invoice.subscription_id)
    if subscription is not None:
        await settle_access(writing, subscription)


async def _movements(writing: Writing, invoice_id: str) -> Sequence[Movement]:
    rows = await writing.db.execute(MOVEMENTS, {"invoice_id": invoice_id})
    return [Movement(*row) for row in rows]


def _moved(what: Moved, table: Any, charge: Any, at: ColumnElement[Any]) -> Select[Any]:
    paid_by = InvoicePayment.payment_id
    return (
        select(literal(what.value), table.status, table.amount, at)
        .select_from(InvoicePayment)
        .join(table, or_(table.payment_intent_id == paid_by, charge == paid_by))
        .where(
            InvoicePayment.invoice_id == bindparam("invoice_id"),
            table.deleted.is_(False),
        )
    )


# In one question, and built once: every change of an invoice asks it.
MOVEMENTS = union_all(
    _moved(Moved.payment, Payment, Payment.id, Payment.created_at.expression),
    _moved(Moved.refund, Refund, Refund.charge_id, Refund.created_at.expression),
    _moved(
        Moved.dispute,
        Dispute,
        Dispute.charge_id,
        func.coalesce(Dispute.lost_at, Dispute.created_at),
    ),
)
