from admit.access.decision import Reason
from admit.core.errors import Forbidden, NotFound


class FeatureNeeded(Forbidden):
    """A page asked for a feature that the person lacks; `pages` shows which plans open it."""

    message = "This part is not open to you."
    advice = "The plans and prices page shows what opens it."

    def __init__(self, feature: str, *, reason: Reason) -> None:
        super().__init__()
        self.feature = feature
        self.reason = reason
        self.details = {"feature": feature}


class LevelNeeded(Forbidden):
    """A page asked for a higher plan than the person has; `pages` shows which are."""

    message = "This part needs a higher plan than yours."
    advice = "The plans and prices page shows which one opens it."

    def __init__(self, level: int) -> None:
        super().__init__()
        self.level = level
        self.details = {"level": level}


class UnknownFeature(NotFound):
    message = "There is no feature of that name."
    advice = "Ask for the list of features at /api/v1/access."


class UnknownGrant(NotFound):
    message = "There is no such grant."
    advice = "It may have been removed; load the list again."
