"""Money is given back: ordered in a committed row, then carried out under its key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import RefundOrdered
from admit.billing.gateway import GatewayRefused
from admit.billing.invoices.errors import UnknownInvoice
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import Payment
from admit.billing.payments.repository import Payments
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.refunds.errors import NothingToRefund, RefundRefused
from admit.billing.refunds.models import RefundOrder
from admit.billing.refunds.repository import RefundOrders
from admit.core.errors import InvalidInput
from admit.core.events import record
from admit.core.events.repository import Reactions
from admit.core.ids import new_id

CARRY_OUT = "billing.carry_out_refund"
KEY = "refund-order:{}"
LEFT_ALONE = timedelta(minutes=1)
"""After which the worker takes care of an order whose owner did not come back."""
METADATA = "admit_refund"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What staff wants. `amount` in minor units, None: all that is left. `id` is of the form that
    was sent, so that a second click asks for nothing more; `by` is None in the terminal.
    """

    invoice_id: str
    amount: int | None
    reason: str
    id: str
    by: str | None


async def refund_invoice(billing: Billing, ask: Ask) -> Sequence[RefundOrder]:
    """One order for each payment that it takes, carried out.

    Raises `UnknownInvoice`, `NothingToRefund`, `InvalidInput` for an amount that is more than is
    left, `RefundRefused`, or `GatewayUnavailable`: then the worker goes on with what was ordered.
    """
    await _look(billing, ask.invoice_id)
    async with billing.database.write() as db:
        orders = await _order(billing, db, ask)
    done = [await carry_out(billing, order.id) for order in orders]
    refused = next((order.refused for order in done if order.refused), None)
    if refused is not None:
        raise RefundRefused(refused)
    return done


async def _look(billing: Billing, invoice_id: str) -> None:
    """At the invoice and all that paid it: money may have gone back in Stripe's dashboard."""
    await reconcile(billing, ObjectRef("invoice", invoice_id))
    async with billing.database.read() as db:
        meant = await Payments(db).meant_for(invoice_id)
    for intent in (each for each in meant if each.startswith("pi_")):
        async for page in billing.gateway.pages("/v1/charges", {"payment_intent": intent}):
            for charge in page.body["data"]:
                await reconcile(billing, ObjectRef("charge", charge["id"]))


async def _order(billing: Billing, db: AsyncSession, ask: Ask) -> Sequence[RefundOrder]:
    invoice = await db.get(Invoice, ask.invoice_id)
    if invoice is None:
        raise UnknownInvoice
    await BillingAccounts(db).lock(invoice.billing_account_id)
    if known := await RefundOrders(db).asked(ask.id, invoice.id):
        return known
    left = await _left(db, invoice.id)
    most = sum(rest for _, rest in left)
    if most <= 0:
        raise NothingToRefund
    wanted = most if ask.amount is None else ask.amount
    if not 0 < wanted <= most:
        raise InvalidInput({"amount": "Give back more than nothing, and no more than is left."})
    now = billing.clock.wall()
    orders = [
        RefundOrder(
            id=new_id("rfo"),
            asked=ask.id,
            billing_account_id=invoice.billing_account_id,
            invoice_id=invoice.id,
            charge_id=payment.id,
            amount=share,
            reason=ask.reason,
            ordered_by=ask.by,
            created_at=now,
        )
        for payment, share in shares(wanted, left)
    ]
    db.add_all(orders)
    for order in orders:
        ordered, key = RefundOrdered(order_id=order.id), KEY.format(order.id)
        await record(db, ordered, now=now, key=key, due_at=now + LEFT_ALONE)
    return orders


async def _left(db: AsyncSession, invoice_id: str) -> Sequence[tuple[Payment, int]]:
    """Of each payment of the invoice, oldest first, what neither went back nor is ordered."""
    return [
        (payment, payment.amount - payment.refunded - await RefundOrders(db).under_way(payment.id))
        for payment in await Payments(db).of_invoice(invoice_id)
        if payment.status == "succeeded"
    ]


def shares(wanted: int, left: Sequence[tuple[Payment, int]]) -> Iterator[tuple[Payment, int]]:
    """What each payment gives of it: the newest first, each no more than it has left."""
    for payment, rest in reversed(left):
        share = min(wanted, rest)
        if share > 0:
            yield payment, share
            wanted -= share


async def carry_out(billing: Billing, order_id: str) -> RefundOrder:
    """Safe to do twice, also at once. Raises `GatewayUnavailable`; the order stays."""
    async with billing.database.read() as db:
        order = await RefundOrders(db).by_id(order_id)
    if order.done_at is not None:
        return order
    refund_id, refused = await _give_back(billing, order)
    if refund_id is not None:
        await reconcile(billing, ObjectRef("refund", refund_id))
    async with billing.database.write() as db:
        order = await RefundOrders(db).by_id(order_id)
        order.refund_id, order.refused = refund_id, refused
        order.done_at = billing.clock.wall()
        event = f"admit:{KEY.format(order.id)}"
        await Reactions(db).spare([(event, CARRY_OUT)], now=order.done_at)
        return order


async def _give_back(billing: Billing, order: RefundOrder) -> tuple[str | None, str | None]:
    """The refund's id, or why Stripe refuses it.

    Stripe forgets a key after a day or more, so that an order first looks for its refund.
    """
    asked = {"charge": order.charge_id}
    async for page in billing.gateway.pages("/v1/refunds", asked):
        for refund in page.body["data"]:
            if refund["metadata"].get(METADATA) == order.id:
                return str(refund["id"]), None
    wanted = {**asked, "amount": order.amount, "metadata": {METADATA: order.id}}
    try:
        made = await billing.gateway.post("/v1/refunds", wanted, key=f"refund:{order.id}")
    except GatewayRefused as refusal:
        return None, refusal.reason
    return str(made["id"]), None
