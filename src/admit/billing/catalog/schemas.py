"""Plans as programs read and write them."""

from datetime import datetime

from pydantic import BaseModel, Field

from admit.billing.catalog.entries import (
    Code,
    FeatureEntry,
    GraceDays,
    Level,
    Opened,
    OpenedFeature,
    PlanEntry,
    PriceEntry,
    Quantity,
    Section,
    TaxCode,
    Text,
    Words,
)
from admit.billing.catalog.models import Plan


class PlanShown(BaseModel):
    code: str
    name: str
    description: str
    level: int
    """Of two plans of one group the higher one is the upgrade."""
    group: str
    active: bool
    """False when it is no longer sold; who has it keeps it."""
    grace_days: int | None
    """How long access outlasts a failed payment; null: as long as the site has it."""
    max_quantity: int
    tax_code: str | None
    features: list[OpenedFeature]
    prices: list[PriceEntry]
    """What it is sold at now; `amount` is in minor units of the currency."""
    created_at: datetime
    updated_at: datetime
    retired_at: datetime | None


class NewPlan(PlanEntry):
    """A plan without prices is free of charge."""


class PlanChange(Section):
    """What is not named stays as it is; `features` are replaced as a whole."""

    name: Words = ""
    description: Text = ""
    level: Level = 0
    group: Code = "main"
    grace_days: GraceDays | None = None
    max_quantity: Quantity = 1
    tax_code: TaxCode | None = None
    features: list[Opened] = Field(default_factory=list)

    @property
    def named(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class FeatureList(BaseModel):
    data: list[FeatureEntry]
    has_more: bool = False


class PlanList(BaseModel):
    data: list[PlanShown]
    has_more: bool = False


def plan_shown(plan: Plan, entry: PlanEntry) -> PlanShown:
    return PlanShown(
        **entry.model_dump(),
        active=plan.active,
        created_at=plan.created_at,
        updated_at=plan.updated_at,
        retired_at=plan.retired_at,
    )
