from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import MirrorRow
from admit.core.db import Base


class CheckoutStatus(StrEnum):
    open = "open"
    complete = "complete"
    expired = "expired"


class Checkout(Base):
    """A wish to subscribe. At most one is open for a person and plan group, whatever the tabs
    do: the session at Stripe is made with a key derived from this row.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        Index(
            "uq_checkouts_open",
            "billing_account_id",
            "plan_group",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    plan_group: Mapped[str]
    price_code: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=1)
    trial_days: Mapped[int] = mapped_column(default=0)
    """That its page offers: none to whoever has had a trial."""
    status: Mapped[str] = mapped_column(default=CheckoutStatus.open)
    created_at: Mapped[datetime]
    stripe_session_id: Mapped[str | None] = mapped_column(unique=True)

    def is_for(self, price_code: str, quantity: int) -> bool:
        return (self.price_code, self.quantity) == (price_code, quantity)


class CheckoutSession(MirrorRow):
    """Our mirror of a Checkout Session at Stripe."""

    __tablename__ = "checkout_sessions"
    __table_args__ = (Index(None, "billing_account_id"),)

    status: Mapped[str]
    payment_status: Mapped[str]
    subscription_id: Mapped[str | None]
    created_at: Mapped[datetime]
