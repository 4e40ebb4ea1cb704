"""What billing holds about a person. It stays, without what names them."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, select

from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.holdings import by_user
from admit.billing.changes.models import SubscriptionChange
from admit.billing.checkout.models import Checkout, CheckoutSession
from admit.billing.customers.models import BillingAccount
from admit.billing.disputes.models import Dispute
from admit.billing.entitlements.models import Entitlements
from admit.billing.invoices.models import Invoice
from admit.billing.payment_methods.models import PaymentMethod
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.reconciliation.models import Drift
from admit.billing.recovery.models import Recovery
from admit.billing.refunds.models import Refund, RefundOrder
from admit.billing.schedules.models import SubscriptionSchedule
from admit.billing.subscriptions.models import (
    Subscription,
    SubscriptionDiscount,
    SubscriptionItem,
)
from admit.billing.trials.models import TrialUse
from admit.core.db import Base
from admit.core.events import EventRow
from admit.core.events.models import Progress, ReactionRow

BY_LAW = "The law asks us to keep what money was paid for; without your account it names nobody."
BOOKKEEPING = frozenset({"look", "look_source", "look_second"})


def of_their_accounts(table: Any, user_id: str) -> ColumnElement[bool]:
    accounts = select(BillingAccount.id).where(BillingAccount.user_id == user_id)
    mine: ColumnElement[bool] = table.billing_account_id.in_(accounts)
    return mine


def billed(name: str, title: str, table: type[Base], *hidden: str, **blanked: object) -> Holding:
    def of(user_id: str) -> ColumnElement[bool]:
        return of_their_accounts(table, user_id)

    return Holding(name, title, table, of, frozenset(hidden), BY_LAW, blanked)


def of_their_subscriptions(name: str, title: str, table: Any) -> Holding:
    def of(user_id: str) -> ColumnElement[bool]:
        mine = select(Subscription.id).where(of_their_accounts(Subscription, user_id))
        theirs: ColumnElement[bool] = table.subscription_id.in_(mine)
        return theirs

    return Holding(name, title, table, of, kept_because=BY_LAW)


def told_of_them(user_id: str) -> ColumnElement[bool]:
    """Stripe's events say names and addresses in their payload, and always whose they are."""
    customer = BillingAccount.stripe_customer_id
    named = exists().where(BillingAccount.user_id == user_id, EventRow.payload.contains(customer))
    return (EventRow.source == "stripe") & named


STILL_NEEDED = exists().where(
    ReactionRow.event_id == EventRow.id,
    ReactionRow.progress.in_((Progress.waiting, Progress.running)),
)

HOLDINGS = (
    Holding(
        "stripe_events",
        "What Stripe told us of you",
        EventRow,
        told_of_them,
        blanked={"payload": case((STILL_NEEDED, EventRow.payload), else_="{}")},
    ),
    Holding(
        "billing_accounts",
        "Your account at Stripe",
        BillingAccount,
        by_user(BillingAccount),
        BOOKKEEPING,
        kept_because=BY_LAW,
    ),
    Holding(
        "drifts",
        "What our copy of your account at Stripe had wrong",
        Drift,
        lambda user_id: of_their_accounts(Drift, user_id),
    ),
    billed(
        "subscriptions",
        "Your subscriptions",
        Subscription,
        *BOOKKEEPING,
        cancellation_comment=None,
    ),
    of_their_subscriptions("subscription_items", "What is in them", SubscriptionItem),
    of_their_subscriptions("subscription_discounts", "What was taken off", SubscriptionDiscount),
    billed(
        "subscription_schedules",
        "What they were to become",
        SubscriptionSchedule,
        *BOOKKEEPING,
    ),
    billed(
        "payment_methods",
        "What you paid with",
        PaymentMethod,
        *BOOKKEEPING,
        **dict.fromkeys(("brand", "last4", "exp_month", "exp_year")),
    ),
    Holding(
        "subscription_changes",
        "What you asked of your subscriptions",
        SubscriptionChange,
        lambda user_id: SubscriptionChange.asked_by == user_id,
        kept_because=BY_LAW,
        blanked={"comment": None},
    ),
    billed("entitlements", "What Stripe calls active for you", Entitlements, *BOOKKEEPING),
    billed("invoices", "Your invoices", Invoice, *BOOKKEEPING),
    billed("payments", "Your payments", Payment, *BOOKKEEPING),
    billed("invoice_payments", "Which of them paid for what", InvoicePayment),
    billed("refunds", "What was given back to you", Refund, *BOOKKEEPING),
    billed("refund_orders", "What staff gave back to you, and why", RefundOrder, "ordered_by"),
    billed("disputes", "What your bank took back", Dispute, *BOOKKEEPING),
    billed("checkouts", "Purchases that you began", Checkout),
    billed("recoveries", "Payments that you put right", Recovery),
    Holding(
        "trial_uses",
        "The trial that you had",
        TrialUse,
        by_user(TrialUse),
        kept_because="It says that a trial was had, so that nobody has two; it names nobody.",
    ),
    billed("checkout_sessions", "Their pages at Stripe", CheckoutSession, *BOOKKEEPING),
)
