from admit.core.errors import AppError, Unavailable


class GatewayUnavailable(Unavailable):
    """No answer, or one of 409, 429 or 5xx: the same request may be sent again."""

    title = "Payments cannot be reached"
    message = "The payment service does not answer right now. Nothing has been charged."
    advice = "Try again in a minute; what you chose is kept."


class GatewayRefused(AppError):
    """Stripe understood and said no (4xx)."""

    status = 502
    title = "The payment service said no"
    message = "The payment service refused this request. Nothing has been charged."
    advice = "Try again; if it happens once more, tell us the reference number."

    def __init__(
        self, *, status: int, code: str | None, param: str | None, reason: str, second: int
    ) -> None:
        super().__init__()
        self.second = second
        self.http_status = status
        self.stripe_code = code
        self.param = param
        self.reason = reason

    def __str__(self) -> str:
        return f"HTTP {self.http_status} {self.stripe_code or ''} {self.param or ''}: {self.reason}"

    @property
    def is_missing(self) -> bool:
        return self.http_status == 404 or self.stripe_code == "resource_missing"
