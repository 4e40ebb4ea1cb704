from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SubscriptionChange(Base):
    """What somebody asked of a subscription; its id makes the request at Stripe repeatable."""

    __tablename__ = "subscription_changes"

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    asked: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
