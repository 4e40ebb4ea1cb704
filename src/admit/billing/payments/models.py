from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import ListedMirror
from admit.core.db import Base
from admit.core.versions import Versioned


class Payment(ListedMirror):
    """Our mirror of one charge at Stripe: one attempt to take money, in the minor unit."""

    __tablename__ = "payments"
    version_kind = "payments"
    __table_args__ = (Index(None, "billing_account_id"), Index(None, "payment_intent_id"))

    payment_intent_id: Mapped[str | None]
    status: Mapped[str]
    """`succeeded`, `pending` (a bank debit takes days) or `failed`."""
    amount: Mapped[int]
    currency: Mapped[str]
    description: Mapped[str | None]
    method: Mapped[str | None]
    """Stripe's name for the kind: `card`, `sepa_debit`."""
    brand: Mapped[str | None]
    last4: Mapped[str | None]
    failure: Mapped[str | None]
    """In the words of the bank."""
    receipt_url: Mapped[str | None]
    created_at: Mapped[datetime]
    refunded: Mapped[int] = mapped_column(default=0)
    """What was given back of it, by our own reckoning: see `settling`."""
    standing: Mapped[str] = mapped_column(default="pending")
    """One of `Standing`: what became of it, in one word."""


class InvoicePayment(Versioned, Base):
    """That a payment is meant for an invoice: said once at Stripe, and never taken back.

    Since API 2025-03-31.basil a charge no longer names its invoice
    (https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices).
    """

    __tablename__ = "invoice_payments"
    version_kind, version_scope = "payments", "billing_account_id"
    __table_args__ = (
        Index(None, "billing_account_id"),
        Index(None, "invoice_id"),
        Index(None, "payment_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    invoice_id: Mapped[str]
    payment_id: Mapped[str]
    """Of the payment intent, or of the charge where it was made without one."""
