from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SetupLink(Base):
    """Makes the first administrator, once."""

    __tablename__ = "setup_links"

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
