"""Plans, prices and features as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class FeatureView:
    key: str
    name: str
    description: str
    included: bool
    limit: int | None = None
    """How much of it; None: without a limit."""


@dataclass(frozen=True, kw_only=True)
class PriceView:
    code: str
    interval: str
    amount: int
    """In minor units of the currency."""
    currency: str
    trial_days: int
    interval_count: int = 1
    tax_behavior: str | None = None

    @property
    def period(self) -> str:
        """As it stands after the amount: "a month", "every 3 months"."""
        return period_in_words(self.interval, self.interval_count)


@dataclass(frozen=True, kw_only=True)
class PlanView:
    code: str
    name: str
    description: str
    level: int
    is_free: bool
    features: list[FeatureView]
    """All features in use, in the same order for every plan."""
    prices: list[PriceView]
    group: str = "main"
    max_quantity: int = 1
    """How many of it one subscription may have at most: seats, say."""
    grace_days: int | None = None
    """How long access outlasts a failed payment; None: as long as the setting says."""

    def opens(self, feature: str) -> bool:
        return any(view.key == feature and view.included for view in self.features)


@dataclass(frozen=True, kw_only=True)
class PlanWithFeatures:
    """What a price stands for: the plan it belongs to and all that the plan opens."""

    code: str
    name: str
    group: str
    level: int
    """Of two plans of one group the higher one is the upgrade."""
    limits: Mapping[str, int | None]
    """Every feature that it opens, and how much of it; None: without a limit."""
    max_quantity: int
    grace_days: int | None
    """None: as long as the setting says; see `grace`."""
    tax_code: str | None
    price_code: str
    interval: str
    interval_count: int
    amount: int
    """In minor units of the currency."""
    currency: str
    trial_days: int
    tax_behavior: str | None

    @property
    def features(self) -> frozenset[str]:
        return frozenset(self.limits)

    @property
    def period(self) -> str:
        return period_in_words(self.interval, self.interval_count)

    def grace(self, usual_days: int) -> timedelta:
        """How long access outlasts a failed payment."""
        return timedelta(days=usual_days if self.grace_days is None else self.grace_days)


def most_generous(of: Iterable[Mapping[str, int | None]]) -> dict[str, int | None]:
    """What several plans open together; where both have a limit the higher one counts."""
    together: dict[str, int | None] = {}
    for limits in of:
        for key, limit in limits.items():
            known = together.get(key, 0)
            together[key] = None if known is None or limit is None else max(known, limit)
    return together


def longest_grace(plans: Sequence[PlanWithFeatures], *, usual_days: int) -> timedelta:
    """How long access to what several plans open together outlasts a failed payment."""
    return max((plan.grace(usual_days) for plan in plans), default=timedelta(days=usual_days))


def period_in_words(interval: str, count: int) -> str:
    """As in "a month" and "every 3 months"."""
    return f"a {interval}" if count == 1 else f"every {count} {interval}s"
