from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from admit.billing.reconciliation.models import MirrorRow


class PaymentMethod(MirrorRow):
    """Our mirror of what somebody pays with: enough of a card to recognise it, never its number."""

    __tablename__ = "payment_methods"
    __table_args__ = (Index(None, "billing_account_id"),)

    type: Mapped[str]
    brand: Mapped[str | None]
    last4: Mapped[str | None]
    exp_month: Mapped[int | None]
    exp_year: Mapped[int | None]
