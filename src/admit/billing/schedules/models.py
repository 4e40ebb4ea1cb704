from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from admit.billing.reconciliation.models import MirrorRow


class SubscriptionSchedule(MirrorRow):
    """Our mirror of what a subscription is to become, and when."""

    __tablename__ = "subscription_schedules"
    __table_args__ = (Index(None, "billing_account_id"),)

    subscription_id: Mapped[str | None]
    status: Mapped[str]
    changes_at: Mapped[datetime | None]
    """When the phase after the current one begins; None when there is none."""
    next_price_id: Mapped[str | None]
    next_quantity: Mapped[int | None]
