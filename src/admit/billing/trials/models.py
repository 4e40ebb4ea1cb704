from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class TrialUse(Base):
    """A person has had a trial, whoever started it: nobody gets a second one.

    It outlasts the subscription, the customer and the Stripe account that it was had with.
    """

    __tablename__ = "trial_uses"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    subscription_id: Mapped[str]
    """At Stripe, the first one that was on trial."""
    started_at: Mapped[datetime]
