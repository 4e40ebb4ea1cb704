from collections.abc import Collection
from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base

EVERYBODY: Final = "*"


class Versioned:
    """A row that belongs to a list with a version."""

    version_kind: str
    """Which list: `plans`, `invoices`."""
    version_scope: str | None = None
    """The column that says whose list it is; None: everybody's."""
    version_ignores: Collection[str] = ()
    """Columns that nobody reads."""


class ListVersion(Base):
    """How often a list has changed; there is no row before its first change."""

    __tablename__ = "list_versions"

    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
