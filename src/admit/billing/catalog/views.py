"""Plans, prices and features as pages show them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FeatureView:
    key: str
    name: str
    description: str
    included: bool


@dataclass(frozen=True, kw_only=True)
class PriceView:
    code: str
    interval: str
    amount: int
    """In minor units of the currency."""
    currency: str
    trial_days: int


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

    def opens(self, feature: str) -> bool:
        return any(view.key == feature and view.included for view in self.features)


@dataclass(frozen=True, kw_only=True)
class PlanWithFeatures:
    """What a price stands for: the plan it belongs to and all that the plan opens."""

    code: str
    name: str
    group: str
    level: int
    features: frozenset[str]
    price_code: str
    interval: str
    amount: int
    currency: str
