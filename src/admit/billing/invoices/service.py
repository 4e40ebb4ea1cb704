"""A person's invoices, from our own rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.invoices.errors import UnknownInvoice
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.repository import Invoices
from admit.billing.reconciliation.places import Place
from admit.core.errors import UnknownPlace


async def invoices_of(
    db: AsyncSession, user_id: str, *, starting_after: str | None, limit: int
) -> Sequence[Invoice]:
    """Newest first. Raises `UnknownPlace`."""
    place = None
    if starting_after is not None:
        row = await Invoices(db).one_of_user(user_id, starting_after)
        if row is None:
            raise UnknownPlace
        place = Place(row.created_at, row.id)
    return await Invoices(db).of_user(user_id, after=place, limit=limit)


async def invoice_of(db: AsyncSession, user_id: str, invoice_id: str) -> Invoice:
    """Raises `UnknownInvoice`, also for somebody else's."""
    row = await Invoices(db).one_of_user(user_id, invoice_id)
    if row is None:
        raise UnknownInvoice
    return row
