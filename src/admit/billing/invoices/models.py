from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from admit.billing.reconciliation.models import ListedMirror


class Invoice(ListedMirror):
    """Our mirror of one invoice at Stripe; amounts are in the currency's minor unit."""

    __tablename__ = "invoices"
    version_kind = "invoices"
    __table_args__ = (Index(None, "billing_account_id"), Index(None, "subscription_id"))

    subscription_id: Mapped[str | None]
    number: Mapped[str | None]
    status: Mapped[str]
    billing_reason: Mapped[str | None]
    currency: Mapped[str]
    total: Mapped[int]
    amount_due: Mapped[int]
    amount_paid: Mapped[int]
    attempt_count: Mapped[int]
    created_at: Mapped[datetime]
    finalized_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    covers_until: Mapped[datetime | None]
    """The latest period end on its lines for the subscription."""
    next_attempt_at: Mapped[datetime | None]
    hosted_url: Mapped[str | None]
