from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Profile(Base):
    """What people say about themselves; made empty together with the account."""

    __tablename__ = "profiles"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    display_name: Mapped[str | None]
    handle: Mapped[str | None]
    """As its owner writes it."""
    handle_key: Mapped[str | None] = mapped_column(unique=True)
    """The same for every spelling of one handle."""
    time_zone: Mapped[str | None]
    """An IANA name; None is UTC."""
    locale: Mapped[str | None]
    """How dates and amounts are written; None is the site's own way."""
    newsletter: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime | None]


class NewsletterChoice(Base):
    """The proof of each yes and no: when, from where, and in answer to which words."""

    __tablename__ = "newsletter_choices"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    wants: Mapped[bool]
    place: Mapped[str]
    """The page or link that it was said at: one of `newsletter.Place`."""
    wording: Mapped[str]
    chosen_at: Mapped[datetime]
    ip: Mapped[str]


class Picture(Base):
    """A picture of a person, drawn anew by us; one that was uploaded and one of a provider."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("user_id", "source"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    """Random, and new for each picture: its address can be kept by browsers for ever."""
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    source: Mapped[str]
    """"upload", or the provider's name."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """WebP."""
    made_at: Mapped[datetime]
