from admit.core.errors import AppError


class UnknownPrice(AppError):
    status = 422
    title = "That plan is not on offer"
    message = "The plan you chose is not sold, or not any more. Nothing was bought."
    advice = "Choose one from the list of plans."
    way_on = ("See the plans", "/pricing")


class AlreadySubscribed(AppError):
    status = 409
    title = "You already have this"
    message = "You already have a subscription, so nothing was bought again."
    advice = "Your account shows what you have and when it renews."
    redirect_to = "/account"
    told_there = True


class ChosenInAnotherTab(AppError):
    status = 409
    title = "You chose another price meanwhile"
    message = "Another price was chosen in another tab, so this one was closed. Nothing was bought."
    advice = "Pay in the other tab, or choose again."
    way_on = ("See the plans", "/pricing")


class NothingToChange(AppError):
    status = 409
    title = "There is nothing to change"
    message = "You have no subscription that this would change."
    advice = "Your account shows what you have."
    redirect_to = "/account"
    told_there = True


class CustomerTaken(AppError):
    status = 409
    title = "Somebody else has this"
    message = "That customer belongs to another account here. Nothing was changed."
    advice = "Write to us if it is yours all the same."
    way_on = ("Your account", "/account")


class HasCustomer(AppError):
    status = 409
    title = "You have purchases of your own"
    message = "Your account has a customer at the payment service already. Nothing was changed."
    advice = "Write to us if there should be another one."
    way_on = ("Your account", "/account")


class OtherStripeAccount(Exception):
    """The key in use is of another Stripe account or mode than what this database holds."""

    mend = "Use the former key, or change over: `admit stripe switch` says what that means."
