from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from admit.billing.reconciliation.models import ListedMirror


class Refund(ListedMirror):
    """Our mirror of one refund at Stripe; the amount is in the currency's minor unit."""

    __tablename__ = "refunds"
    version_kind = "payments"
    __table_args__ = (
        Index(None, "billing_account_id"),
        Index(None, "payment_intent_id"),
        Index(None, "charge_id"),
    )

    charge_id: Mapped[str | None]
    payment_intent_id: Mapped[str | None]
    status: Mapped[str]
    """`pending`, `requires_action`, `succeeded`, `failed` or `canceled`."""
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str | None]
    failure: Mapped[str | None]
    """Stripe's code for why the bank sent it back."""
    created_at: Mapped[datetime]
