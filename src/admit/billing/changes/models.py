from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Asked(StrEnum):
    cancel = "cancel_at_period_end"
    resume = "resume"
    """The planned end is taken back."""
    cancel_now = "cancel_now"
    pause = "pause"
    unpause = "unpause"


class Outcome(StrEnum):
    done = "done"
    refused = "refused"
    """Stripe said no; nothing has changed."""
    lapsed = "lapsed"
    """Nobody could ask Stripe while it was still what the person wanted."""


class SubscriptionChange(Base):
    """What somebody asked of a subscription; its id makes the requests at Stripe repeatable.

    At most one of a subscription is under way: whoever asks for another thing first sees that one
    to its end.
    """

    __tablename__ = "subscription_changes"
    __table_args__ = (
        Index(
            "uq_subscription_changes_open",
            "subscription_id",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("subscriptions.id"))
    asked: Mapped[str]
    """One of `Asked`."""
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    """Wall time, as is `done_at`."""
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """One of `Outcome`, once it is done."""
    told: Mapped[str | None] = mapped_column(Text)
    """What Stripe said when it refused."""
    feedback: Mapped[str | None]
    """Why the person leaves: one of `reasons.Feedback`."""
    comment: Mapped[str | None] = mapped_column(Text)
    resumes_at: Mapped[datetime | None]
    """When a pause ends by itself, in business time."""
    begins_anew: Mapped[bool] = mapped_column(default=False)
    """A new period begins, and is charged, when a pause ends."""
