from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class DeliveryTally(Base):
    """How often a delivery ended so, and when last: what tells a wrong secret from silence."""

    __tablename__ = "webhook_deliveries"

    outcome: Mapped[str] = mapped_column(primary_key=True)
    """One of `Outcome` in `tally`."""
    count: Mapped[int]
    last_at: Mapped[datetime]
