from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base
from admit.core.versions import Versioned

LEVEL: Final = "@level"
"""Stands among the features for the level of a plan, which is its grant's limit: so it has a
history and an end like any other. Nothing that is sold can be called so.
"""


class Source(StrEnum):
    """What kind of thing grants."""

    subscription = "subscription"
    purchase = "purchase"
    staff = "staff"
    stripe_entitlement = "stripe_entitlement"
    """Stripe says that it is active, and no plan of ours includes it."""


class FeatureRow(Versioned, Base):
    """Something that may be open or closed to a person."""

    __tablename__ = "features"
    version_kind = "plans"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    open_to_all: Mapped[bool]
    """Open to everybody whose address is confirmed, without a grant."""
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    """No longer defined: closed to all, while the grants that name it stay as history."""


class GrantRow(Base):
    """One feature for one person, from a source, for a time.

    Rows are ended, never opened again nor deleted: see `holding`.
    """

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("source", "source_id", "feature", "starts_at"),
        Index(None, "user_id"),
        Index(None, "review_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    feature: Mapped[str] = mapped_column(ForeignKey("features.key"))
    source: Mapped[str]
    """What kind of thing grants: one of `Source`."""
    source_id: Mapped[str]
    limit: Mapped[int | None] = mapped_column("feature_limit")
    """How many of whatever the feature counts; None: as many as they like."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """The hard end: not open at this moment, whatever else is known."""
    review_at: Mapped[datetime | None]
    """The soft end: from here somebody should look whether it still holds; open until then."""
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Of the staff who did it; None: a source, or an operator in the terminal."""
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class AccessVersionRow(Base):
    """Counts the changes of one person's grants, written with each of them."""

    __tablename__ = "access_versions"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    version: Mapped[int]
