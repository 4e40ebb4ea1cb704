from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import MirrorColumns
from admit.core.db import Base


class Invoice(MirrorColumns, Base):
    """Our mirror of one invoice at Stripe; amounts are in the currency's minor unit."""

    __tablename__ = "invoices"
    __table_args__ = (Index(None, "billing_account_id"), Index(None, "subscription_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[int] = mapped_column(ForeignKey("stripe_accounts.id"))
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
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
