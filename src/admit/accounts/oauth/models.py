from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Purpose(StrEnum):
    sign_in = "sign_in"
    connect = "connect"


class OAuthAttempt(Base):
    """One way to a provider and back; every tab has its own."""

    __tablename__ = "oauth_attempts"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    """Of what the cookie of the browser that goes this way holds."""
    provider: Mapped[str]
    purpose: Mapped[str]
    session_id: Mapped[str | None]
    """Of the one who connects: nobody else's session may end what it began."""
    next_path: Mapped[str | None]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Identity(Base):
    """An account elsewhere that opens one here; known by its number there, never by an address."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("provider", "subject"),
        UniqueConstraint("user_id", "provider"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    provider: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]
    """As the provider last told it: shown to its owner, and used for nothing."""
    picture_url: Mapped[str | None]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class IdentityOffer(Base):
    """Somebody came with an account elsewhere whose address has an account here already.

    The two are joined only after its owner has signed in to it and agreed.
    """

    __tablename__ = "identity_offers"
    __table_args__ = (Index(None, "user_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    provider: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]
    picture_url: Mapped[str | None]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
