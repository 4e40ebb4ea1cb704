from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SessionKind(StrEnum):
    browser = "browser"
    api = "api"
    """A program that holds refresh tokens; no cookie opens it."""


class Session(Base):
    """A browser or a program that is signed in. All times are wall time."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(
        default=SessionKind.browser, server_default=SessionKind.browser
    )
    method: Mapped[str]
    """The first factor."""
    amr: Mapped[str] = mapped_column(server_default="unknown")
    """Every method that showed who this is, in order, with spaces between."""
    proved_at: Mapped[datetime | None]
    """When the person last showed who they are; using the session does not move it."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_ends_at: Mapped[datetime]
    """Moves with use."""
    ends_at: Mapped[datetime]
    """Never moves, and ends the session whatever its use."""
    ip: Mapped[str]
    user_agent: Mapped[str]
