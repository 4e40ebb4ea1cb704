from admit.core.errors import AppError, NotFound


class UnknownPlan(NotFound):
    title = "There is no such plan"
    message = "No plan has this code."
    advice = "The list of plans shows what there is."


class UnknownPlanPrice(NotFound):
    title = "There is no such price"
    message = "The plan is not sold at a price of this code."
    advice = "The plan shows its prices; it may have been retired meanwhile."


class PlanRetired(AppError):
    status = 409
    title = "This plan is no longer sold"
    message = "It is no longer sold, so there is nothing to change; who has it keeps it."
    advice = "Sell it again first."


class EditedMeanwhile(AppError):
    """Somebody else saved the plan after it was read."""

    status = 409
    title = "It has changed meanwhile"
    message = "Somebody else changed this plan after you opened it, so nothing was saved."
    advice = "Look at what it says now, and save again."
