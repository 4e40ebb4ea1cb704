from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import DefaultCardChanged
from admit.billing.reconciliation.mirrors import Mirror, ObjectRef, Shape, Writing
from admit.billing.reconciliation.ordering import Written
from admit.billing.reconciliation.reading import id_of
from admit.core.events import record

ACCOUNT_METADATA = "admit_billing_account"


class CustomerMirror(Mirror):
    """Whether it exists, and what it pays with by default: its row is the billing account."""

    def path(self, object_id: str) -> str:
        return f"/v1/customers/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """Of one that was deleted Stripe shows its id, and that it was deleted."""
        metadata = payload.get("metadata") or {}
        settings = payload.get("invoice_settings") or {}
        default = id_of(settings.get("default_payment_method"))
        return Shape(
            id=payload["id"],
            customer_id=payload["id"],
            ended=payload.get("deleted", False),
            complete=True,
            on_test_clock=payload.get("test_clock") is not None,
            values={"default_payment_method_id": default},
            names=[ObjectRef("payment_method", default)] if default else [],
            claims_account=metadata.get(ACCOUNT_METADATA),
        )

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        account = await BillingAccounts(db).of_customer(object_id)
        return account.written if account else None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        account = await BillingAccounts(db).of_customer(object_id)
        return account.stripe_customer_id if account else None

    async def write(self, writing: Writing, shape: Shape) -> None:
        if shape.ended:
            await self.mark_deleted(writing, shape.id)
            return
        before, now = writing.account.default_payment_method_id, shape.values
        for name, value in {**shape.values, **writing.look.columns()}.items():
            setattr(writing.account, name, value)
        if now["default_payment_method_id"] not in {None, before}:
            await self._note_card(writing, now["default_payment_method_id"])

    async def _note_card(self, writing: Writing, card: str) -> None:
        account = writing.account
        changed = DefaultCardChanged(
            billing_account_id=account.id, card=card, user_id=account.user_id
        )
        key = f"card:{account.id}:{card}:{writing.look.second}"
        await record(writing.db, changed, now=writing.wall_now, key=key)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        del object_id
        account = writing.account
        account.customer_deleted_at = account.customer_deleted_at or writing.business_now
        account.default_payment_method_id = None
        for name, value in writing.look.columns().items():
            setattr(account, name, value)
