from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog import service as catalog
from admit.billing.invoices.lines import subject_of
from admit.billing.invoices.models import Invoice
from admit.billing.letters import Postroom
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.events import Occurrence


class InvoiceLetters(Postroom):
    async def welcome(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        invoice = await db.get_one(Invoice, occurrence.data["invoice_id"])
        if invoice.billing_reason != "subscription_create" or invoice.subscription_id is None:
            return
        if await self._is_history(db, invoice, invoice.paid_at):
            return
        subscription = await self._subscription(db, invoice.subscription_id)
        await self._send(
            db,
            occurrence,
            "welcome",
            "Welcome to {plan_name}",
            plan_name=await self._plan_name(db, subscription),
            amount=invoice.total,
            currency=invoice.currency,
            period_end=invoice.covers_until or invoice.created_at,
            number=invoice.number,
            receipt_url=self._receipt_url(invoice),
        )

    async def receipt(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        """Of every paid invoice but the first of a plan, which the welcome tells of."""
        invoice = await db.get_one(Invoice, occurrence.data["invoice_id"])
        begins = invoice.billing_reason == "subscription_create" and invoice.subscription_id
        if begins or invoice.total <= 0:
            return
        if await self._is_history(db, invoice, invoice.paid_at):
            return
        await self._send(
            db,
            occurrence,
            "receipt",
            "Your receipt {number}" if invoice.number else "Your receipt",
            what=subject_of(invoice.lines),
            amount=invoice.total,
            tax=invoice.tax,
            currency=invoice.currency,
            period_end=invoice.covers_until,
            number=invoice.number,
            receipt_url=self._receipt_url(invoice),
        )

    async def action_required(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        """Whoever is buying does it on the page where they pay."""
        invoice = await db.get(Invoice, occurrence.data["invoice_id"])
        if invoice is None or invoice.status != "open" or invoice.hosted_url is None:
            return
        if invoice.billing_reason == "subscription_create":
            return
        await self._send(
            db,
            occurrence,
            "action_required",
            "Your bank asks you to confirm a payment",
            what=subject_of(invoice.lines),
            amount=invoice.amount_due,
            currency=invoice.currency,
            pay_url=invoice.hosted_url,
        )

    def _receipt_url(self, invoice: Invoice) -> str:
        return f"{self._billing.settings.public_url}/account/billing/history/{invoice.id}"

    async def payment_failed(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        invoice = await db.get(Invoice, occurrence.data["invoice_id"])
        if invoice is None or invoice.subscription_id is None:
            return
        if invoice.billing_reason == "subscription_create":
            # Whoever is buying reads it on the page where they pay. The subscription's status
            # cannot tell: our mirror of it may lag behind its invoice.
            return
        is_owed = invoice.status == "open"
        if not is_owed and await self._is_history(db, invoice, invoice.finalized_at):
            return
        subscription = await self._subscription(db, invoice.subscription_id)
        since = await Subscriptions(db).unpaid_since(subscription.id)
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        usual_days = self._billing.settings.access_grace_days
        grace = plan.grace(usual_days) if plan else timedelta(days=usual_days)
        await self._send(
            db,
            occurrence,
            "payment_failed",
            "Your payment for {plan_name} did not go through",
            plan_name=await self._plan_name(db, subscription),
            amount=invoice.amount_due,
            currency=invoice.currency,
            grace_until=since + grace if since else None,
        )
