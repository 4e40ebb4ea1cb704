from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.connection.models import WebhookEndpoint


class WebhookEndpoints:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_account(self, stripe_account_id: int) -> Sequence[WebhookEndpoint]:
        """Newest first."""
        rows = await self.db.scalars(
            select(WebhookEndpoint)
            .where(WebhookEndpoint.stripe_account_id == stripe_account_id)
            .order_by(WebhookEndpoint.created_at.desc(), WebhookEndpoint.id.desc())
        )
        return rows.all()

    async def by_stripe_id(self, stripe_endpoint_id: str) -> WebhookEndpoint | None:
        return await self.db.scalar(
            select(WebhookEndpoint).where(WebhookEndpoint.stripe_endpoint_id == stripe_endpoint_id)
        )
