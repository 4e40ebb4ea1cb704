from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SigningKey(Base):
    """A key pair that signs access tokens; its id is the `kid` of their header."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    public_jwk: Mapped[str]
    """JSON (RFC 7517), as `/.well-known/jwks.json` shows it."""
    private_sealed: Mapped[str]
    """The private JWK, sealed in the vault."""
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """It signs nothing any more; what it signed before is still good."""


class RefreshToken(Base):
    """One link of the chain of an API session; it ends with the session. Times are wall time.

    A used one stays as long as it could have been used, so that it is recognised when it comes
    back.
    """

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index(None, "session_id"), Index(None, "ends_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    successor_id: Mapped[str | None]
