from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class BillingAccount(Base):
    """A person's account with one Stripe account. Its row is the lock of that person's money:
    mirror, access and credits of one person have one writer at a time.
    """

    __tablename__ = "billing_accounts"
    __table_args__ = (UniqueConstraint("user_id", "stripe_account_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    stripe_account_id: Mapped[int] = mapped_column(ForeignKey("stripe_accounts.id"))
    stripe_customer_id: Mapped[str | None] = mapped_column(unique=True)
    customer_deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    """When everything of this customer was last compared with Stripe."""
