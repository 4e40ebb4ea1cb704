from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Closing(StrEnum):
    deactivated = "deactivated"
    deletion = "deletion"
    """Everything about the person is erased when the time to think again is over."""


class Departure(Base):
    """Somebody left, or was shut out. The row goes when they are back."""

    __tablename__ = "departures"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    closing: Mapped[str]
    by_staff: Mapped[bool]
    """Only staff opens what staff closed."""
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of the newest mailed link that opens the account again."""
    left_at: Mapped[datetime]
    erase_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
