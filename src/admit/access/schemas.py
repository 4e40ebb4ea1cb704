"""What the API says about access. Times are ISO 8601 in UTC."""

from datetime import datetime

from pydantic import BaseModel

from admit.access.decision import Decision, Reason
from admit.access.service import Access


class FeatureAccess(BaseModel):
    allowed: bool
    reason: Reason
    until: datetime | None
    """The first moment that is no longer covered; null when closed, or open without an end."""
    limit: int | None
    """How many of whatever the feature counts: null when there is no limit, 0 when closed."""


class OneFeature(FeatureAccess):
    feature: str


class AllFeatures(BaseModel):
    features: dict[str, FeatureAccess]
    level: int
    """The highest level of the plans that the person has; 0 without one."""
    version: int
    """Grows with each change of the person's grants."""


def all_features(access: Access) -> AllFeatures:
    features = {
        key: FeatureAccess.model_validate(decided, from_attributes=True)
        for key, decided in access.decisions.items()
    }
    return AllFeatures(features=features, level=access.level, version=access.version)


def one_feature(feature: str, decided: Decision) -> OneFeature:
    return OneFeature(
        feature=feature,
        allowed=decided.allowed,
        reason=decided.reason,
        until=decided.until,
        limit=decided.limit,
    )
