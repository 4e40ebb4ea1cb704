from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SignInAttempt(Base):
    """A sign-in that passed its first factor and waits for the second.

    Its token opens nothing by itself; only whoever brings the second factor too is let in.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """Of the session that it leads to: `sessions.models.SessionKind`."""
    method: Mapped[str]
    """The first factor."""
    next_path: Mapped[str | None]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
