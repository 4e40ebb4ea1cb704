"""What follows from facts about money: mails, and second looks."""

from collections.abc import Mapping
from datetime import timedelta

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.events import AccountClosed
from admit.accounts.service import find_user
from admit.billing.catalog import service as catalog
from admit.billing.catalog.events import PlanFeaturesChanged
from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import (
    CancellationScheduled,
    CustomerLinked,
    InvoicePaid,
    LookAgain,
    PaymentFailed,
    SubscriptionEnded,
)
from admit.billing.invoices.models import Invoice
from admit.billing.reconciliation.mirrors import Look, ObjectRef
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.service import reconcile, writing_of
from admit.billing.reconciliation.sweep import reconcile_customer
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.subscriptions.service import cancel_all_at_period_end
from admit.core.events import Occurrence
from admit.core.events.worker import Reaction
from admit.core.mail import Letter, queue_mail

REACTIONS_TO: Mapping[str, tuple[str, ...]] = {
    InvoicePaid.name: ("billing.welcome_mail",),
    PaymentFailed.name: ("billing.payment_failed_mail",),
    CancellationScheduled.name: ("billing.cancellation_mail",),
    SubscriptionEnded.name: ("billing.ended_mail",),
    LookAgain.name: ("billing.second_look",),
    CustomerLinked.name: ("billing.look_at_customer",),
    PlanFeaturesChanged.name: ("billing.settle_plan",),
    AccountClosed.name: ("billing.cancel_of_closed_account",),
}


def reactions(billing: Billing, templates: Environment) -> Mapping[str, Reaction]:
    post = Postroom(billing, templates)
    return {
        "billing.welcome_mail": Reaction(apply=post.welcome),
        "billing.payment_failed_mail": Reaction(apply=post.payment_failed),
        "billing.cancellation_mail": Reaction(apply=post.cancellation),
        "billing.ended_mail": Reaction(apply=post.ended),
        "billing.second_look": second_look(billing),
        "billing.look_at_customer": look_at_customer(billing),
        "billing.settle_plan": settle_plan(billing),
        "billing.cancel_of_closed_account": cancel_of_closed_account(billing),
    }


def second_look(billing: Billing) -> Reaction:
    async def look(occurrence: Occurrence) -> None:
        ref = ObjectRef(occurrence.data["kind"], occurrence.data["object_id"])
        await reconcile(billing, ref, repeated_for=occurrence.data["newest_event"])

    return Reaction(prepare=look, apply=nothing_more)


def look_at_customer(billing: Billing) -> Reaction:
    async def look(occurrence: Occurrence) -> None:
        await reconcile_customer(billing, occurrence.data["billing_account_id"])

    return Reaction(prepare=look, apply=nothing_more)


def settle_plan(billing: Billing) -> Reaction:
    """The plan opens other features than before: so do the grants of those who have it."""

    async def settle(db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        subscriptions = await Subscriptions(db).of_plan(occurrence.data["plan_code"])
        for row in subscriptions:
            account = await BillingAccounts(db).lock(row.billing_account_id)
            await db.refresh(row)
            look = Look(row.look, Source(row.look_source), row.look_second)
            await settle_access(writing_of(billing, db, account, look), row)

    return Reaction(apply=settle)


def cancel_of_closed_account(billing: Billing) -> Reaction:
    """Nobody is charged for an account that they closed; who came back meanwhile goes on."""

    async def cancel(occurrence: Occurrence) -> None:
        async with billing.database.read() as db:
            user = await find_user(db, occurrence.data["user_id"])
        if user is not None and not user.is_active:
            await cancel_all_at_period_end(billing, user.id)

    return Reaction(prepare=cancel, apply=nothing_more)


async def nothing_more(_db: AsyncSession, _occurrence: Occurrence, _prepared: object) -> None:
    """The look has written what it found."""


class NotMirroredYet(Exception):
    """The fact was written before what it is about; the letter waits a moment."""


class Postroom:
    def __init__(self, billing: Billing, templates: Environment) -> None:
        self._billing = billing
        self._templates = templates

    async def welcome(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        invoice = await db.get_one(Invoice, occurrence.data["invoice_id"])
        if invoice.billing_reason != "subscription_create" or invoice.subscription_id is None:
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
        )

    async def payment_failed(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        invoice = await db.get(Invoice, occurrence.data["invoice_id"])
        if invoice is None or invoice.subscription_id is None:
            return
        if invoice.billing_reason == "subscription_create":
            # Whoever is buying reads it on the page where they pay. The subscription's status
            # cannot tell: our mirror of it may lag behind its invoice.
            return
        subscription = await self._subscription(db, invoice.subscription_id)
        since = await Subscriptions(db).unpaid_since(subscription.id)
        grace = timedelta(days=self._billing.settings.access_grace_days)
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

    async def cancellation(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        subscription = await db.get_one(Subscription, occurrence.data["subscription_id"])
        await self._send(
            db,
            occurrence,
            "cancellation",
            "Your {plan_name} plan will end",
            plan_name=await self._plan_name(db, subscription),
            ends_on=subscription.cancel_at or subscription.current_period_end,
        )

    async def ended(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        subscription = await db.get_one(Subscription, occurrence.data["subscription_id"])
        await self._send(
            db,
            occurrence,
            "ended",
            "Your {plan_name} plan has ended",
            plan_name=await self._plan_name(db, subscription),
        )

    async def _subscription(self, db: AsyncSession, subscription_id: str) -> Subscription:
        subscription = await db.get(Subscription, subscription_id)
        if subscription is None:
            raise NotMirroredYet(subscription_id)
        return subscription

    async def _plan_name(self, db: AsyncSession, subscription: Subscription) -> str:
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        return plan.name if plan else "your plan"

    async def _send(
        self,
        db: AsyncSession,
        occurrence: Occurrence,
        template: str,
        subject: str,
        **words: object,
    ) -> None:
        user = await find_user(db, occurrence.data["user_id"])
        if user is None:
            return
        settings = self._billing.settings
        context = {
            "site_name": settings.admit_site_name,
            "site_url": settings.public_url,
            "account_url": f"{settings.public_url}/account",
            "pricing_url": f"{settings.public_url}/pricing",
            "first_name": user.first_name,
            **words,
        }
        name = f"billing/mail/{template}"
        letter = Letter(
            kind=f"billing.{template}",
            recipient=user.email,
            subject=subject.format(**words),
            text=self._templates.get_template(f"{name}.txt").render(context),
            html=self._templates.get_template(f"{name}.html").render(context),
        )
        await queue_mail(db, self._billing.vault, letter, now=self._billing.clock.wall())
