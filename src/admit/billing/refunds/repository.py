from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.refunds.models import RefundOrder


class RefundOrders:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, order_id: str) -> RefundOrder:
        return await self.db.get_one(RefundOrder, order_id, populate_existing=True)

    async def under_way(self, charge_id: str) -> int:
        """What is ordered of this charge, and not done yet."""
        total = await self.db.scalar(
            select(func.sum(RefundOrder.amount)).where(
                RefundOrder.charge_id == charge_id, RefundOrder.done_at.is_(None)
            )
        )
        return int(total or 0)

    async def asked(self, asked: str, invoice_id: str) -> Sequence[RefundOrder]:
        """What this very form has ordered already."""
        rows = await self.db.scalars(
            select(RefundOrder)
            .where(RefundOrder.asked == asked, RefundOrder.invoice_id == invoice_id)
            .order_by(RefundOrder.id)
        )
        return rows.all()
