from admit.core.errors import NotFound


class UnknownPayment(NotFound):
    title = "There is no such payment"
    message = "There is no payment of yours at this address."
    advice = "Your payments show all that there are."
    way_on = ("See your payments", "/account/billing/history")
