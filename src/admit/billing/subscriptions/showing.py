"""From our own rows to what is shown of a subscription; Stripe is not asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog import service as catalog
from admit.billing.catalog.views import PlanWithFeatures
from admit.billing.changes import decisions
from admit.billing.invoices.models import Invoice
from admit.billing.payment_methods.repository import PaymentMethods
from admit.billing.schedules.repository import Schedules
from admit.billing.subscriptions.discounting import less
from admit.billing.subscriptions.models import Subscription, SubscriptionDiscount
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.subscriptions.views import (
    Card,
    Discount,
    NextCharge,
    OpenInvoice,
    PlannedChange,
    PlanRef,
    SubscriptionView,
    UnpaidChange,
)
from admit.billing.subscriptions.words import WORDS, state_of

UNKNOWN_PLAN = "A plan that is no longer offered"


async def shown(db: AsyncSession, row: Subscription, *, grace_days: int) -> SubscriptionView:
    """`grace_days`: of a plan that says nothing else."""
    known = await catalog.plan_of_stripe_price(db, row.stripe_price_id)
    plan = plan_ref(known, row.quantity)
    discounts = [_discount(one) for one in await Subscriptions(db).discounts(row.id)]
    planned = await _planned(db, row)
    state = state_of(row)
    return SubscriptionView(
        id=row.id,
        plan=plan,
        status=row.status,
        state=state,
        state_text=WORDS[state],
        period_start=row.current_period_start,
        period_end=row.current_period_end,
        next_charge=_next_charge(row, planned.plan if planned else plan, discounts),
        trial_ends=row.trial_end if row.status == "trialing" else None,
        ends_on=_ends_on(row),
        grace_until=await _grace_until(db, row, known, grace_days),
        open_invoice=await _open_invoice(db, row),
        paid_until=await Subscriptions(db).paid_until(row),
        paused=decisions.is_paused(row),
        resumes_at=row.pause_resumes_at,
        planned=planned,
        unpaid_change=await _unpaid_change(db, row),
        card=await _card(db, row),
        discounts=tuple(discounts),
        can_cancel=decisions.may_cancel(row),
        can_resume=decisions.may_resume(row),
        can_pause=decisions.may_pause(row),
        can_unpause=decisions.may_unpause(row),
    )


def plan_ref(plan: PlanWithFeatures | None, quantity: int) -> PlanRef:
    return PlanRef(
        code=plan.code if plan else None,
        name=plan.name if plan else UNKNOWN_PLAN,
        price_code=plan.price_code if plan else None,
        amount=plan.amount if plan else None,
        currency=plan.currency if plan else None,
        interval=plan.interval if plan else None,
        interval_count=plan.interval_count if plan else 1,
        quantity=quantity,
    )


def _next_charge(
    row: Subscription, plan: PlanRef, discounts: Sequence[Discount]
) -> NextCharge | None:
    on = row.current_period_end
    waits = row.pause_behavior is not None and (
        row.pause_resumes_at is None or row.pause_resumes_at >= on
    )
    if row.status not in {"active", "trialing"} or decisions.is_ending(row) or waits:
        return None
    if plan.amount is None or plan.currency is None:
        return None
    return NextCharge(less(plan.amount * plan.quantity, discounts, on=on), plan.currency, on)


def _ends_on(row: Subscription) -> datetime | None:
    ends = [row.cancel_at] if row.cancel_at else []
    if row.cancel_at_period_end:
        ends.append(row.current_period_end)
    return min(ends, default=None) if not row.ended else None


async def _grace_until(
    db: AsyncSession, row: Subscription, plan: PlanWithFeatures | None, grace_days: int
) -> datetime | None:
    if row.status != "past_due":
        return None
    since = await Subscriptions(db).unpaid_since(row.id)
    grace = plan.grace(grace_days) if plan else timedelta(days=grace_days)
    return (since or row.current_period_start) + grace


async def _open_invoice(db: AsyncSession, row: Subscription) -> OpenInvoice | None:
    invoice = await Subscriptions(db).oldest_open_invoice(row.id)
    return _open(invoice) if invoice else None


def _open(invoice: Invoice) -> OpenInvoice:
    return OpenInvoice(
        id=invoice.id,
        amount=invoice.amount_due,
        currency=invoice.currency,
        pay_url=invoice.hosted_url,
        next_attempt_at=invoice.next_attempt_at,
    )


async def _planned(db: AsyncSession, row: Subscription) -> PlannedChange | None:
    if row.schedule_id is None:
        return None
    schedule = await Schedules(db).by_id(row.schedule_id)
    if schedule is None or schedule.changes_at is None or schedule.next_price_id is None:
        return None
    known = await catalog.plan_of_stripe_price(db, schedule.next_price_id)
    return PlannedChange(plan_ref(known, schedule.next_quantity or 1), schedule.changes_at)


async def _unpaid_change(db: AsyncSession, row: Subscription) -> UnpaidChange | None:
    if row.pending_price_id is None or row.pending_until is None:
        return None
    invoice = await db.get(Invoice, row.latest_invoice_id) if row.latest_invoice_id else None
    known = await catalog.plan_of_stripe_price(db, row.pending_price_id)
    return UnpaidChange(
        plan=plan_ref(known, row.pending_quantity or 1),
        until=row.pending_until,
        pay_url=invoice.hosted_url if invoice else None,
        amount=invoice.amount_due if invoice else None,
    )


async def _card(db: AsyncSession, row: Subscription) -> Card | None:
    """Its own, or the customer's."""
    method = await PaymentMethods(db).charged_for(row)
    if method is None or method.brand is None or method.last4 is None:
        return None
    return Card(method.brand, method.last4, method.exp_month, method.exp_year)


def _discount(row: SubscriptionDiscount) -> Discount:
    return Discount(row.name, row.percent_off, row.amount_off, row.currency, row.ends_at)
