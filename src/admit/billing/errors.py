from admit.core.errors import AppError, InvalidInput


class UnknownPrice(InvalidInput):
    def __init__(self) -> None:
        super().__init__({"price": "That plan is not on offer. Choose one from the list."})


class AlreadySubscribed(AppError):
    status = 409
    title = "You already have this"
    message = "You already have a subscription, so nothing was bought again."
    advice = "Your account shows what you have and when it renews."
    redirect_to = "/account"


class NothingToChange(AppError):
    status = 409
    title = "There is nothing to change"
    message = "You have no subscription that this would change."
    advice = "Your account shows what you have."
