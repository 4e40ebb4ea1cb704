from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import MirrorRow
from admit.core.db import Base


class Subscription(MirrorRow):
    """Our mirror of one subscription at Stripe."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index(None, "billing_account_id"),)

    status: Mapped[str]
    stripe_price_id: Mapped[str]
    quantity: Mapped[int]
    created_at: Mapped[datetime]
    current_period_start: Mapped[datetime]
    current_period_end: Mapped[datetime]
    cancel_at_period_end: Mapped[bool]
    cancel_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    trial_end: Mapped[datetime | None]
    latest_invoice_id: Mapped[str | None]


class SubscriptionChange(Base):
    """What somebody asked of a subscription; its id makes the request at Stripe repeatable."""

    __tablename__ = "subscription_changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    asked: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
