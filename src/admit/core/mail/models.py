from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class MailRow(Base):
    __tablename__ = "mails"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    sealed_body: Mapped[str | None] = mapped_column(Text)
    """Encrypted, for it may hold a code; emptied once it has left by SMTP."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
