"""What a person has paid, attempt by attempt, from our own rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.disputes.models import Dispute
from admit.billing.payments.errors import UnknownPayment
from admit.billing.payments.models import Payment
from admit.billing.payments.repository import Payments
from admit.billing.reconciliation.places import Place
from admit.billing.refunds.models import Refund
from admit.core.errors import UnknownPlace


@dataclass(frozen=True)
class PaymentView:
    """A payment, what it was meant for, and what took it back, oldest first."""

    row: Payment
    invoice_id: str | None
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]


async def payments_of(
    db: AsyncSession, user_id: str, *, starting_after: str | None, limit: int
) -> Sequence[PaymentView]:
    """Newest first. Raises `UnknownPlace`."""
    place = None
    if starting_after is not None:
        row = await Payments(db).one_of_user(user_id, starting_after)
        if row is None:
            raise UnknownPlace
        place = Place(row.created_at, row.id)
    return await views_of(db, await Payments(db).of_user(user_id, after=place, limit=limit))


async def payment_of(db: AsyncSession, user_id: str, payment_id: str) -> PaymentView:
    """Raises `UnknownPayment`, also for somebody else's."""
    row = await Payments(db).one_of_user(user_id, payment_id)
    if row is None:
        raise UnknownPayment
    (view,) = await views_of(db, [row])
    return view


async def views_of(db: AsyncSession, rows: Sequence[Payment]) -> Sequence[PaymentView]:
    payments = Payments(db)
    invoices = await payments.invoice_ids(rows)
    refunds, disputes = await payments.refunds_of(rows), await payments.disputes_of(rows)
    return [
        PaymentView(
            row=row,
            invoice_id=invoices.get(row.payment_intent_id or row.id),
            refunds=[refund for refund in refunds if refund.charge_id == row.id],
            disputes=[dispute for dispute in disputes if dispute.charge_id == row.id],
        )
        for row in rows
    ]
