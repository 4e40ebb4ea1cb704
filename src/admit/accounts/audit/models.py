from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Outcome(StrEnum):
    signed_up = "signed_up"
    sign_up_of_known_address = "sign_up_of_known_address"
    code_refused = "code_refused"
    link_refused = "link_refused"
    address_confirmed = "address_confirmed"
    signed_in = "signed_in"
    sign_in_refused = "sign_in_refused"
    sign_in_held_back = "sign_in_held_back"
    """Too many wrong passwords: this one was not even looked at."""
    signed_out = "signed_out"
    admin_created = "admin_created"


class SecurityEvent(Base):
    """Who, what, when, from where and by which method; never what was typed."""

    __tablename__ = "security_events"
    __table_args__ = (Index(None, "user_id", "occurred_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None when the address belongs to nobody."""
    what: Mapped[str]
    method: Mapped[str]
    occurred_at: Mapped[datetime]
    ip: Mapped[str]
    user_agent: Mapped[str]
