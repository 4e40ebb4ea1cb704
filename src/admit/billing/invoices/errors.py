from admit.core.errors import NotFound


class UnknownInvoice(NotFound):
    title = "There is no such invoice"
    message = "There is no invoice of yours at this address."
    advice = "Your payments show all that there are."
    way_on = ("See your payments", "/account/billing/history")
