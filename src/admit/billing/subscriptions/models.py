from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import ListedMirror
from admit.core.db import Base


class Subscription(ListedMirror):
    """Our mirror of one subscription at Stripe."""

    __tablename__ = "subscriptions"
    version_kind = "subscriptions"
    __table_args__ = (Index(None, "billing_account_id"),)

    status: Mapped[str]
    stripe_price_id: Mapped[str]
    """Of its oldest item, as are quantity and period; `SubscriptionItem` has all of them."""
    quantity: Mapped[int]
    created_at: Mapped[datetime]
    current_period_start: Mapped[datetime]
    current_period_end: Mapped[datetime]
    cancel_at_period_end: Mapped[bool]
    cancel_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str | None]
    """Why it ends or ended, in Stripe's word: `cancellation_requested`, `payment_failed`, …"""
    cancellation_feedback: Mapped[str | None]
    """What the person chose as their reason; `cancellation_comment` is in their own words."""
    cancellation_comment: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    trial_start: Mapped[datetime | None]
    trial_end: Mapped[datetime | None]
    latest_invoice_id: Mapped[str | None]
    default_payment_method_id: Mapped[str | None]
    """Its own; without one the customer's is charged."""
    schedule_id: Mapped[str | None]
    pause_behavior: Mapped[str | None]
    """What becomes of invoices while collection is paused; None while it is not."""
    pause_resumes_at: Mapped[datetime | None]
    pending_price_id: Mapped[str | None]
    """Of a change that waits for its invoice to be paid, as are the next two."""
    pending_quantity: Mapped[int | None]
    pending_until: Mapped[datetime | None]
    has_discounts: Mapped[bool] = mapped_column(default=False)


class SubscriptionItem(Base):
    """One price of a subscription; somebody may have added more of them at Stripe."""

    __tablename__ = "subscription_items"
    __table_args__ = (Index(None, "subscription_id"), Index(None, "stripe_price_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    stripe_price_id: Mapped[str]
    quantity: Mapped[int]
    current_period_start: Mapped[datetime]
    current_period_end: Mapped[datetime]


class SubscriptionDiscount(Base):
    """What somebody pays less, and until when."""

    __tablename__ = "subscription_discounts"
    __table_args__ = (Index(None, "subscription_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    stripe_coupon_id: Mapped[str]
    stripe_promotion_code_id: Mapped[str | None]
    name: Mapped[str | None]
    percent_off: Mapped[float | None]
    amount_off: Mapped[int | None]
    """In minor units of `currency`."""
    currency: Mapped[str | None]
    ends_at: Mapped[datetime | None]
    """None: as long as the subscription, or once."""
