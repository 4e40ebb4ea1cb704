from typing import ClassVar

from admit.core.events import Event


class CatalogEdited(Event):
    """Somebody changed what is sold; Stripe is to offer the same."""

    name: ClassVar[str] = "billing.catalog_edited"
    plan_code: str
    by: str


class PlanFeaturesChanged(Event):
    """The grants of those who have this plan no longer say what the plan says."""

    name: ClassVar[str] = "billing.plan_features_changed"
    plan_code: str
