"""Whether an object that another one names has to be looked at."""

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.invoices.models import Invoice
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.subscriptions.models import Subscription

SETTLED = frozenset({"paid", "void", "uncollectible"})


async def is_settled(db: AsyncSession, named: ObjectRef, *, named_by: str) -> bool:
    """False where our mirror lacks it, or holds it as unfinished."""
    match named.kind:
        case "invoice":
            return await _invoice_is_settled(db, named.id)
        case "subscription":
            return await _subscription_is_settled(db, named.id, named_by=named_by)
        case "subscription_schedule":
            written = await MIRRORS[named.kind].written(db, named.id)
            return written is not None and written.ended
        case _:
            return await MIRRORS[named.kind].written(db, named.id) is not None


async def _invoice_is_settled(db: AsyncSession, invoice_id: str) -> bool:
    invoice = await db.get(Invoice, invoice_id)
    return invoice is not None and invoice.status in SETTLED


async def _subscription_is_settled(
    db: AsyncSession, subscription_id: str, *, named_by: str
) -> bool:
    subscription = await db.get(Subscription, subscription_id)
    if subscription is None or named_by == "invoice":
        return subscription is not None
    latest = subscription.latest_invoice_id
    return subscription.status != "incomplete" and (
        latest is None or await _invoice_is_settled(db, latest)
    )
