from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.repository import BillingAccounts
from admit.billing.reconciliation.mirrors import Mirror, Shape, Writing
from admit.billing.reconciliation.ordering import Written

ACCOUNT_METADATA = "admit_billing_account"


class CustomerMirror(Mirror):
    """We keep nothing of a customer but whether it exists: its row is the billing account."""

    def path(self, object_id: str) -> str:
        return f"/v1/customers/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        metadata = payload.get("metadata") or {}
        return Shape(
            id=payload["id"],
            customer_id=payload["id"],
            ended=payload.get("deleted", False),
            complete=True,
            on_test_clock=payload.get("test_clock") is not None,
            values={},
            claims_account=metadata.get(ACCOUNT_METADATA),
        )

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        """Existence and its end cannot be confused by order: no earlier write matters."""
        del db, object_id
        return None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        account = await BillingAccounts(db).of_customer(object_id)
        return account.stripe_customer_id if account else None

    async def write(self, writing: Writing, shape: Shape) -> None:
        if shape.ended:
            await self.mark_deleted(writing, shape.id)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        del object_id
        writing.account.customer_deleted_at = (
            writing.account.customer_deleted_at or writing.business_now
        )
