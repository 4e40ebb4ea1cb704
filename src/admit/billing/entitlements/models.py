from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.billing.reconciliation.models import MirrorRow


class Entitlements(MirrorRow):
    """Our mirror of all that is active for one customer at Stripe; `id` is made of theirs."""

    __tablename__ = "entitlements"
    __table_args__ = (Index(None, "billing_account_id"),)

    lookup_keys: Mapped[list[str]] = mapped_column(JSON)
    """Of the active features; ours are called as here."""
    price_ids: Mapped[list[str]] = mapped_column(JSON)
    """Of the subscriptions that had not ended when it was looked at."""
