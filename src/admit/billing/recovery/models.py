from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Standing(StrEnum):
    waiting = "waiting"
    """The person is on Stripe's page, or the payment is under way."""
    paid = "paid"
    saved = "saved"
    """The card was saved, and there was nothing to pay."""
    declined = "declined"
    action = "action"
    """The bank asks the person to confirm, on Stripe's page of the invoice."""


class Recovery(Base):
    """Somebody puts a failed payment right, with another card or by trying again; its id makes
    the requests at Stripe repeatable.
    """

    __tablename__ = "recoveries"
    __table_args__ = (Index(None, "billing_account_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    billing_account_id: Mapped[str] = mapped_column(ForeignKey("billing_accounts.id"))
    stripe_session_id: Mapped[str | None] = mapped_column(unique=True)
    """Of the page where the card is typed; None when what is known is tried again."""
    standing: Mapped[str] = mapped_column(default=Standing.waiting)
    created_at: Mapped[datetime]
    """Wall time, as is `done_at`."""
    done_at: Mapped[datetime | None]
