from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import ListedMirror
from admit.core.db import Base


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


class RefundOrder(Base):
    """Money that staff wants to give back; its id makes the refund at Stripe repeatable."""

    __tablename__ = "refund_orders"
    __table_args__ = (
        Index(None, "billing_account_id"),
        Index(None, "charge_id"),
        Index(None, "asked"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[str]
    """Of the form that was sent: a second click asks for nothing more."""
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    invoice_id: Mapped[str]
    charge_id: Mapped[str]
    amount: Mapped[int]
    """In the minor unit of the charge's currency."""
    reason: Mapped[str] = mapped_column(Text)
    """For others of staff, in somebody's own words."""
    ordered_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    """None: from the terminal."""
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    refund_id: Mapped[str | None]
    refused: Mapped[str | None]
    """Why Stripe did not give it back, in its words."""
