"""Stripe's error object, as an exception.

`keeps_changes` says whether what was written before the error stays: a declined card leaves its
failed charge behind, a refused parameter leaves nothing.
"""

from stripe_simulator.shapes import Json

DOCS = "https://docs.stripe.com/error-codes#"


class StripeError(Exception):
    """An answer other than 2xx: HTTP status, and the members of `error`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",  # noqa: A002 -- Stripe's own word
        code: str | None = None,
        param: str | None = None,
        decline_code: str | None = None,
        extra: Json | None = None,
        keeps_changes: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.type = type
        self.code = code
        self.param = param
        self.decline_code = decline_code
        self.extra = extra or {}
        self.keeps_changes = keeps_changes

    def body(self, request_id: str) -> Json:
        error: Json = {"message": self.message, "type": self.type}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = DOCS + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        if self.decline_code:
            error["decline_code"] = self.decline_code
        error.update(self.extra)
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> StripeError:
    return StripeError(400, message, code=code, param=param)


def missing_resource(noun: str, id_: str, *, param: str = "id") -> StripeError:
    """404 for the object that the path names, 400 for one that a parameter names."""
    status = 404 if param == "id" else 400
    return StripeError(status, f"No such {noun}: '{id_}'", code="resource_missing", param=param)


def unknown_parameter(path: str) -> StripeError:
    return invalid(f"Received unknown parameter: {path}", param=path, code="parameter_unknown")


def missing_parameter(path: str) -> StripeError:
    return invalid(f"Missing required param: {path}.", param=path, code="parameter_missing")


def unsupported_parameter(path: str) -> StripeError:
    """Stripe knows the parameter and the simulator does not: refused rather than ignored."""
    return invalid(
        f"The parameter {path} is not supported by this simulator.",
        param=path,
        code="parameter_unknown",
    )
