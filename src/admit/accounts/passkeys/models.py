from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Purpose(StrEnum):
    register = "register"
    sign_in = "sign_in"
    second_factor = "second_factor"
    prove_again = "prove_again"


class Passkey(Base):
    """The public half of a key that never leaves its owner's device."""

    __tablename__ = "passkeys"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    credential_id: Mapped[str] = mapped_column(unique=True)
    """As the browser names it: base64url without padding."""
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str]
    transports: Mapped[str]
    """With spaces between; a hint where browsers look for the key."""
    is_synced: Mapped[bool]
    """Kept by a password manager too, so that a lost device does not lose it."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """A question that is answered once, for one purpose, by the browser that asked for it."""

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    bound_to: Mapped[str]
    """The session, the paused sign-in, or the hash of the browser's cookie."""
    ends_at: Mapped[datetime]
