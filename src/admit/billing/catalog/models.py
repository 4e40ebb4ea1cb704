from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base
from admit.core.versions import Versioned

OF_THE_PUSH = frozenset({"stripe_account_id", "revision", "pushed_revision", "refusal"})


class Pushed:
    """A row that Stripe has a copy of."""

    stripe_account_id: Mapped[int | None] = mapped_column(ForeignKey("stripe_accounts.id"))
    """Where the copy exists; None until it was pushed."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts what the copy should say."""
    pushed_revision: Mapped[int | None]
    refusal: Mapped[str | None] = mapped_column(Text)
    """Why Stripe did not take the revision after that, in its words."""


class Plan(Versioned, Pushed, Base):
    __tablename__ = "plans"
    version_kind = "plans"
    version_ignores = OF_THE_PUSH

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str] = mapped_column(Text)
    level: Mapped[int]
    group: Mapped[str] = mapped_column("plan_group")
    """A person has at most one live subscription in each group."""
    grace_days: Mapped[int | None]
    """How long access outlasts a failed payment; None: as long as the setting says."""
    max_quantity: Mapped[int] = mapped_column(default=1)
    """How many of it one subscription may have at most: seats, say."""
    tax_code: Mapped[str | None]
    """Stripe's word for what kind of thing is taxed (https://docs.stripe.com/tax/tax-codes)."""
    active: Mapped[bool] = mapped_column(default=True)
    """False when it is no longer sold; who subscribed before keeps it."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts the changes of the plan, its features and its prices."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    """Of the newest version. Wall time, as are the other two."""
    retired_at: Mapped[datetime | None]
    """Since when it is no longer sold."""
    product_ref: Mapped[str] = mapped_column(unique=True)
    """The id that we give its product at Stripe, chosen before Stripe is asked."""


class PlanFeature(Versioned, Base):
    __tablename__ = "plan_features"
    version_kind = "plans"

    plan_code: Mapped[str] = mapped_column(ForeignKey("plans.code"), primary_key=True)
    feature_key: Mapped[str] = mapped_column(ForeignKey("features.key"), primary_key=True)
    limit: Mapped[int | None] = mapped_column("feature_limit")
    """How much of it; None: without a limit."""


class Price(Versioned, Pushed, Base):
    """Its terms never change: another amount is another price, and old subscribers keep theirs."""

    __tablename__ = "prices"
    version_kind = "plans"
    version_ignores = OF_THE_PUSH
    __table_args__ = (
        Index(
            "uq_prices_code_active",
            "code",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        Index(None, "plan_code"),
        UniqueConstraint("stripe_account_id", "stripe_price_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """Also its lookup key at Stripe, so that it is found again after a lost answer."""
    code: Mapped[str]
    plan_code: Mapped[str] = mapped_column(ForeignKey("plans.code"))
    interval: Mapped[str]
    interval_count: Mapped[int] = mapped_column(default=1)
    amount: Mapped[int]
    """In minor units of the currency."""
    currency: Mapped[str]
    tax_behavior: Mapped[str | None]
    """Whether tax is part of the amount; None: as the Stripe account has it as its default."""
    trial_days: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None]
    """Since when it is no longer sold; wall time."""
    stripe_price_id: Mapped[str | None]


class StripeFeature(Pushed, Base):
    """A feature's copy at Stripe, under its key as lookup key; the products of plans name it."""

    __tablename__ = "stripe_features"

    feature_key: Mapped[str] = mapped_column(ForeignKey("features.key"), primary_key=True)
    stripe_feature_id: Mapped[str | None]
    name: Mapped[str]
    active: Mapped[bool]
    """What the copy should say."""


class CatalogDrift(Base):
    """Something of ours that says at Stripe what we did not write there."""

    __tablename__ = "catalog_drifts"
    __table_args__ = (Index(None, "object_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`product`, `price` or `feature`."""
    object_id: Mapped[str]
    """At Stripe."""
    plan_code: Mapped[str | None] = mapped_column(ForeignKey("plans.code"))
    field: Mapped[str]
    """Empty: the object itself is gone."""
    ours: Mapped[str] = mapped_column(Text)
    theirs: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Since when it says what we wrote; wall time."""
