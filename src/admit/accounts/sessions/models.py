from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Session(Base):
    """A browser that is signed in. All times are wall time."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    method: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_ends_at: Mapped[datetime]
    """Moves with use."""
    ends_at: Mapped[datetime]
    """Never moves, and ends the session whatever its use."""
    ip: Mapped[str]
    user_agent: Mapped[str]
