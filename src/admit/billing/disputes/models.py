from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from admit.billing.reconciliation.models import ListedMirror


class Dispute(ListedMirror):
    """Our mirror of one dispute at Stripe; the amount is in the currency's minor unit."""

    __tablename__ = "disputes"
    version_kind = "payments"
    __table_args__ = (
        Index(None, "billing_account_id"),
        Index(None, "payment_intent_id"),
        Index(None, "charge_id"),
    )

    charge_id: Mapped[str]
    payment_intent_id: Mapped[str | None]
    status: Mapped[str]
    """Stripe's (https://docs.stripe.com/api/disputes/object#dispute_object-status)."""
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    respond_by: Mapped[datetime | None]
    created_at: Mapped[datetime]
    lost_at: Mapped[datetime | None]
    """Stripe's second at which we first saw it lost; the object itself does not say."""
