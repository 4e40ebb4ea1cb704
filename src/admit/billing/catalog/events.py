from typing import ClassVar

from admit.core.events import Event


class PlanFeaturesChanged(Event):
    """The grants of those who have this plan no longer say what the plan says."""

    name: ClassVar[str] = "billing.plan_features_changed"
    plan_code: str
