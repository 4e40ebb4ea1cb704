from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.ordering import Source, Written
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
    history_until: Mapped[datetime | None]
    """What happened up to this moment (business time) was no news when we learned of it."""
    looked_at: Mapped[datetime | None]
    """When everything of this customer was last compared with Stripe."""
    default_payment_method_id: Mapped[str | None]
    look: Mapped[int | None]
    """Of the customer that is linked now, as are the next two: see `ordering`."""
    look_source: Mapped[str | None]
    look_second: Mapped[int | None]

    @property
    def written(self) -> Written | None:
        """The last write of what the linked customer is."""
        if self.look is None or self.look_source is None or self.look_second is None:
            return None
        return Written(
            look=self.look,
            source=Source(self.look_source),
            second=self.look_second,
            ended=self.customer_deleted_at is not None,
        )

    def link(self, stripe_customer_id: str) -> None:
        """From now on this customer is the person's; what was known of another is forgotten."""
        self.stripe_customer_id = stripe_customer_id
        self.customer_deleted_at = self.default_payment_method_id = None
        self.look = self.look_source = self.look_second = None
