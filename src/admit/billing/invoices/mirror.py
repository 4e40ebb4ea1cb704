from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.events import InvoicePaid, PaymentFailed
from admit.billing.invoices.lines import covers, lines_of
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.settling import settle_invoice
from admit.billing.payments.links import keep_links, known_links, links_in
from admit.billing.reconciliation.mirrors import Listing, MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import id_of, is_whole, time_of
from admit.core.clock import from_seconds
from admit.core.events import record

ENDED = frozenset({"void"})


class InvoiceMirror(MirrorOf[Invoice]):
    table = Invoice
    expands = ("payments",)

    def path(self, object_id: str) -> str:
        return f"/v1/invoices/{object_id}"

    def lists_elsewhere(self, payload: Mapping[str, Any]) -> Mapping[str, Listing]:
        found: dict[str, Listing] = {}
        if not is_whole(payload["lines"]):
            found["lines"] = Listing(f"{self.path(payload['id'])}/lines")
        if not is_whole(payload["payments"]):
            found["payments"] = Listing("/v1/invoice_payments", {"invoice": payload["id"]})
        return found

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """The subscription is named by `parent` since API 2025-03-31.basil
        (https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects).
        Its payments are there when they were asked for; `invoice_payment.paid` tells of them, too.
        """
        subscription = _subscription_of(payload)
        moments, lines = payload["status_transitions"], lines_of(payload)
        ends = covers(lines)
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=payload["status"] in ENDED,
            complete=is_whole(payload["lines"]),
            on_test_clock=payload.get("test_clock") is not None,
            values={
                "subscription_id": subscription,
                "number": payload["number"],
                "status": payload["status"],
                "billing_reason": payload["billing_reason"],
                "currency": payload["currency"],
                "subtotal": payload["subtotal"],
                "discount": sum(each["amount"] for each in payload["total_discount_amounts"] or ()),
                "tax": sum(tax["amount"] for tax in payload["total_taxes"] or ()),
                "reverse_charge": _is_reversed(payload["total_taxes"] or ()),
                "total": payload["total"],
                "amount_due": payload["amount_due"],
                "amount_paid": payload["amount_paid"],
                "attempt_count": payload["attempt_count"],
                "created_at": from_seconds(payload["created"]),
                "finalized_at": time_of(moments["finalized_at"]),
                "paid_at": time_of(moments["paid_at"]),
                "covers": ends,
                "covers_until": time_of(max(ends.values(), default=None)),
                "next_attempt_at": time_of(payload["next_payment_attempt"]),
                "hosted_url": payload.get("hosted_invoice_url"),
                "pdf_url": payload.get("invoice_pdf"),
                "lines": lines,
            },
            names=[ObjectRef("subscription", subscription)] if subscription else [],
            parts={"links": links_in(payload.get("payments"))},
        )

    async def with_same_parts(self, db: AsyncSession, shapes: Sequence[Shape]) -> Collection[str]:
        wanted = {link["id"]: shape.id for shape in shapes for link in shape.parts["links"]}
        known = await known_links(db, wanted)
        lacking = {invoice for link, invoice in wanted.items() if link not in known}
        return {shape.id for shape in shapes} - lacking

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        await keep_links(writing, shape.parts["links"])
        await settle_invoice(writing, row)
        await self._record_facts(writing, row)

    async def _record_facts(self, writing: Writing, row: Invoice) -> None:
        user_id = writing.account.user_id
        if row.status == "paid":
            paid = InvoicePaid(invoice_id=row.id, user_id=user_id)
            await record(writing.db, paid, now=writing.wall_now, key=f"invoice:{row.id}:paid")
        elif row.status == "open" and row.attempt_count > 0:
            await record_failed_attempt(
                writing.db,
                user_id=user_id,
                invoice_id=row.id,
                attempt=row.attempt_count,
                now=writing.wall_now,
            )

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await settle_invoice(writing, await self.put_deleted(writing, object_id))


async def record_failed_attempt(
    db: AsyncSession, *, user_id: str, invoice_id: str, attempt: int, now: datetime
) -> None:
    """Told by the invoice's state and by its event alike: the key makes them one fact."""
    failed = PaymentFailed(invoice_id=invoice_id, user_id=user_id, attempt=attempt)
    await record(db, failed, now=now, key=f"invoice:{invoice_id}:attempt:{attempt}")


def _subscription_of(payload: Mapping[str, Any]) -> str | None:
    parent = payload["parent"]
    if not parent or parent["type"] != "subscription_details":
        return None
    return id_of(parent["subscription_details"]["subscription"])


def _is_reversed(taxes: Sequence[Mapping[str, Any]]) -> bool:
    return any(tax.get("taxability_reason") == "reverse_charge" for tax in taxes)
