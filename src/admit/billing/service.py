"""What the account page shows of a person's money, from our own rows alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import features_in_use
from admit.accounts.service import find_user
from admit.billing.catalog import service as catalog
from admit.billing.catalog.views import FeatureView, PlanWithFeatures
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.repository import Invoices
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions

SHOWN_INVOICES = 50
CANCELLABLE = frozenset({"active", "trialing", "past_due"})
WORDS = {
    "incomplete": "Waiting for the first payment",
    "incomplete_expired": "Never paid",
    "trialing": "Trial",
    "active": "Active",
    "past_due": "Payment failed",
    "canceled": "Ended",
    "unpaid": "Unpaid",
    "paused": "Paused",
    "ending": "Ends soon",
    "free": "Free",
}


@dataclass(frozen=True)
class NextCharge:
    amount: int
    currency: str
    on: datetime


@dataclass(frozen=True)
class InvoiceView:
    number: str | None
    date: datetime
    amount: int
    currency: str
    status: str
    hosted_url: str | None


@dataclass(frozen=True)
class Overview:
    plan_code: str | None
    plan_name: str
    status: str
    status_text: str
    next_charge: NextCharge | None
    period_end: datetime | None
    cancel_at_period_end: bool
    grace_until: datetime | None
    features: Sequence[FeatureView]
    invoices: Sequence[InvoiceView]
    can_cancel: bool
    can_resume: bool


@dataclass(frozen=True)
class SubscriptionLine:
    email: str
    customer_id: str | None
    plan_name: str
    status: str
    status_text: str
    period_end: datetime | None


async def overview(db: AsyncSession, user_id: str, *, grace_days: int) -> Overview:
    subscription = _shown(await Subscriptions(db).of_user(user_id))
    invoices = await Invoices(db).of_user(user_id, limit=SHOWN_INVOICES)
    if subscription is None:
        return await _without_subscription(db, invoices)
    plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
    key = status_of(subscription)
    grace = plan.grace(grace_days) if plan else timedelta(days=grace_days)
    return Overview(
        plan_code=plan.code if plan else None,
        plan_name=plan.name if plan else "A plan that is no longer offered",
        status=key,
        status_text=WORDS[key],
        next_charge=_next_charge(plan, subscription),
        period_end=subscription.current_period_end,
        cancel_at_period_end=subscription.cancel_at_period_end,
        grace_until=await _grace_until(db, subscription, grace),
        features=await features_of(db, plan.features if plan else frozenset()),
        invoices=[_view(invoice) for invoice in invoices],
        can_cancel=subscription.status in CANCELLABLE and not subscription.cancel_at_period_end,
        can_resume=subscription.status in CANCELLABLE and subscription.cancel_at_period_end,
    )


async def _without_subscription(db: AsyncSession, invoices: Sequence[Invoice]) -> Overview:
    free = next((plan for plan in await catalog.plans(db) if plan.is_free), None)
    return Overview(
        plan_code=free.code if free else None,
        plan_name=free.name if free else "No plan",
        status="free",
        status_text=WORDS["free"],
        next_charge=None,
        period_end=None,
        cancel_at_period_end=False,
        grace_until=None,
        features=[view for view in free.features if view.included] if free else (),
        invoices=[_view(invoice) for invoice in invoices],
        can_cancel=False,
        can_resume=False,
    )


async def features_of(db: AsyncSession, keys: Collection[str]) -> list[FeatureView]:
    """In the catalogue's order; features that were retired are left out."""
    return [
        FeatureView(key=known.key, name=known.name, description=known.description, included=True)
        for known in await features_in_use(db)
        if known.key in keys
    ]


async def features_lost(db: AsyncSession, plan: PlanWithFeatures) -> list[FeatureView]:
    """What is not open to everybody anyway."""
    everybody = {known.key for known in await features_in_use(db) if known.open_to_all}
    return await features_of(db, plan.features - everybody)


def _shown(subscriptions: Sequence[Subscription]) -> Subscription | None:
    live = [row for row in subscriptions if not row.ended and not row.deleted]
    return live[0] if live else None


def status_of(subscription: Subscription) -> str:
    ending = subscription.cancel_at_period_end and subscription.status in {"active", "trialing"}
    return "ending" if ending else subscription.status


def _next_charge(plan: PlanWithFeatures | None, subscription: Subscription) -> NextCharge | None:
    if subscription.cancel_at_period_end or subscription.status not in {"active", "trialing"}:
        return None
    if plan is None:
        return None
    return NextCharge(
        amount=plan.amount * subscription.quantity,
        currency=plan.currency,
        on=subscription.current_period_end,
    )


async def _grace_until(
    db: AsyncSession, subscription: Subscription, grace: timedelta
) -> datetime | None:
    if subscription.status != "past_due":
        return None
    since = await Subscriptions(db).unpaid_since(subscription.id)
    return (since or subscription.current_period_start) + grace


def _view(invoice: Invoice) -> InvoiceView:
    return InvoiceView(
        number=invoice.number,
        date=invoice.finalized_at or invoice.created_at,
        amount=invoice.total,
        currency=invoice.currency,
        status=invoice.status,
        hosted_url=invoice.hosted_url,
    )


async def newest_subscriptions(db: AsyncSession, *, limit: int = 20) -> list[SubscriptionLine]:
    lines = []
    for subscription, user_id, customer_id in await Subscriptions(db).newest(limit):
        user = await find_user(db, user_id)
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        key = status_of(subscription)
        lines.append(
            SubscriptionLine(
                email=user.email if user else "",
                customer_id=customer_id,
                plan_name=plan.name if plan else subscription.stripe_price_id,
                status=key,
                status_text=WORDS[key],
                period_end=subscription.current_period_end,
            )
        )
    return lines
