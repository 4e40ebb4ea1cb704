from admit.core.errors import AppError


class NothingToRefund(AppError):
    status = 409
    title = "There is nothing to give back"
    message = "Of this invoice nothing was paid, or all of it has gone back already."
    advice = "The list of payments shows what became of each."
    way_on = ("Payments", "/admin/payments")


class RefundRefused(AppError):
    status = 409
    title = "The payment service did not give it back"
    advice = "Nothing was given back. The dashboard of Stripe shows more."
    way_on = ("Payments", "/admin/payments")
