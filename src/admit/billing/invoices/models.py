from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

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
    subtotal: Mapped[int]
    discount: Mapped[int]
    tax: Mapped[int]
    reverse_charge: Mapped[bool] = mapped_column(default=False)
    """The buyer, a business elsewhere, pays the tax to their own state."""
    """Within the prices, or on top of them: then the total shows it."""
    total: Mapped[int]
    amount_due: Mapped[int]
    amount_paid: Mapped[int]
    attempt_count: Mapped[int]
    created_at: Mapped[datetime]
    finalized_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    covers: Mapped[dict[str, int]] = mapped_column(JSON)
    """By subscription item, the second until which it pays ahead."""
    covers_until: Mapped[datetime | None]
    """The latest of them."""
    next_attempt_at: Mapped[datetime | None]
    hosted_url: Mapped[str | None]
    pdf_url: Mapped[str | None]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What it bills, as `invoices.lines` reads it."""
    refunded: Mapped[int] = mapped_column(default=0)
    """What was given back of it, from here on by our own reckoning: see `settling`."""
    taken_back_at: Mapped[datetime | None]
    """When the whole of what was paid had gone back; then it pays for nothing."""
    standing: Mapped[str] = mapped_column(default="draft")
    """One of `Standing`: what became of its money, in one word."""
