from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class LimitWindow(Base):
    """How often something was tried since the first try of the window that is open now."""

    __tablename__ = "limit_windows"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime]
