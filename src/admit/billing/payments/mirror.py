from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.settling import settle_invoices_of
from admit.billing.payments.links import keep_links, links_in, links_of
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.payments.settling import money_moved
from admit.billing.reconciliation.mirrors import (
    Listing,
    Mirror,
    MirrorOf,
    ObjectRef,
    Shape,
    Writing,
)
from admit.billing.reconciliation.ordering import Written
from admit.billing.reconciliation.reading import id_of, is_whole
from admit.core.clock import from_seconds


class ChargeMirror(MirrorOf[Payment]):
    table = Payment
    expands = ("refunds",)

    def path(self, object_id: str) -> str:
        return f"/v1/charges/{object_id}"

    def lists_elsewhere(self, payload: Mapping[str, Any]) -> Mapping[str, Listing]:
        found: dict[str, Listing] = {}
        if payload["payment_intent"]:
            paid_by = {"type": "payment_intent", "payment_intent": id_of(payload["payment_intent"])}
            found["invoice_payments"] = Listing("/v1/invoice_payments", {"payment": paid_by})
        if not is_whole(payload["refunds"]):
            found["refunds"] = Listing("/v1/refunds", {"charge": payload["id"]})
        if payload["disputed"]:
            found["disputes"] = Listing("/v1/disputes", {"charge": payload["id"]})
        return found

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """Complete without a question only where all went well: then `invoice_payment.paid` says
        what it pays for, and there is nothing to list.
        """
        went_well = payload["status"] == "succeeded" and not payload["disputed"]
        method = payload["payment_method_details"] or {}
        details = method.get(method.get("type"), {})
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=False,
            complete=went_well and payload["amount_refunded"] == 0,
            on_test_clock=False,
            values={
                "payment_intent_id": id_of(payload["payment_intent"]),
                "status": payload["status"],
                "amount": payload["amount"],
                "currency": payload["currency"],
                "description": payload["description"],
                "method": method.get("type"),
                "brand": details.get("brand"),
                "last4": details.get("last4"),
                "failure": payload["failure_message"],
                "receipt_url": payload["receipt_url"],
                "created_at": from_seconds(payload["created"]),
            },
            names=[
                ObjectRef(kind, each["id"])
                for kind, listed in (("refund", "refunds"), ("dispute", "disputes"))
                for each in (payload.get(listed) or {"data": ()})["data"]
            ],
            parts={"links": links_in(payload.get("invoice_payments"))},
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        await keep_links(writing, shape.parts["links"])
        await money_moved(writing, row.payment_intent_id, row.id)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        row = await self.put_deleted(writing, object_id)
        await money_moved(writing, row.payment_intent_id, row.id)


class InvoicePaymentMirror(Mirror):
    """Nothing of it changes that we keep, so that no earlier write matters."""

    expands = ("invoice",)

    def path(self, object_id: str) -> str:
        return f"/v1/invoice_payments/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        invoice = payload["invoice"]
        named = ObjectRef("invoice", str(id_of(invoice)))
        return Shape(
            id=payload["id"],
            customer_id=id_of(invoice["customer"]) if isinstance(invoice, Mapping) else None,
            through=named,
            ended=False,
            complete=True,
            on_test_clock=False,
            values={},
            names=[named],
            parts={"links": links_of(payload)},
        )

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        del db, object_id
        return None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        link = await db.get(InvoicePayment, object_id)
        if link is None:
            return None
        return (await db.get_one(BillingAccount, link.billing_account_id)).stripe_customer_id

    async def write(self, writing: Writing, shape: Shape) -> None:
        await keep_links(writing, shape.parts["links"])
        for link in shape.parts["links"]:
            await settle_invoices_of(writing, link["payment_id"])

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        """Stripe keeps them all."""
