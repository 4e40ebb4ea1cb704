from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class WebhookEndpoint(Base):
    """Where Stripe was asked to send events. Id and revision make each request repeatable."""

    __tablename__ = "webhook_endpoints"

    id: Mapped[str] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[int] = mapped_column(ForeignKey("stripe_accounts.id"))
    url: Mapped[str]
    api_version: Mapped[str]
    stripe_endpoint_id: Mapped[str | None] = mapped_column(unique=True)
    """None until Stripe's answer was stored."""
    secret_hash: Mapped[str | None]
    """None for an endpoint that somebody else made: then only Stripe knows its secret."""
    revision: Mapped[int] = mapped_column(default=0)
    """Counts the changes that were asked for."""
    created_at: Mapped[datetime]
