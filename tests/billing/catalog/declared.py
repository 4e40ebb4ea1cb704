"""Catalogues as tests declare them."""

from collections.abc import Sequence

from admit.billing.catalog.entries import (
    Catalog,
    FeatureEntry,
    OpenedFeature,
    PlanEntry,
    PriceEntry,
)

FEATURES = [
    FeatureEntry(key="community", name="Community", open_to_all=True),
    FeatureEntry(key="premium", name="Premium"),
    FeatureEntry(key="exports", name="Exports"),
]
FREE = PlanEntry(code="free", name="Free", level=0, features=[OpenedFeature(key="community")])


def price(code: str = "pro-monthly", amount: int = 1200, **terms: str | int) -> PriceEntry:
    return PriceEntry.model_validate(
        {"code": code, "interval": "month", "amount": amount, "currency": "eur", **terms}
    )


YEARLY = price("pro-yearly", 12000, interval="year")


def pro(*prices: PriceEntry, **changes: str | int | Sequence[object]) -> PlanEntry:
    plan = {
        "code": "pro",
        "name": "Pro",
        "description": "All doors open.",
        "level": 10,
        "features": ["community", "premium"],
        **changes,
    }
    return PlanEntry.model_validate({**plan, "prices": list(prices)})


def catalog(*plans: PlanEntry, features: Sequence[FeatureEntry] = FEATURES) -> Catalog:
    return Catalog(features=list(features), plans=list(plans))
