"""Errors are named after the situation and know the sentence a person reads."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote


class AppError(Exception):
    """Becomes a page, a fragment or problem+json by one handler (`core.http.answers`)."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "That did not work"
    message: str = "The request could not be understood."
    advice: str = "Go back and try again."
    retry_after: int | None = None
    """Seconds after which trying again makes sense."""
    redirect_to: str | None = None
    """Where a browser is led instead of being shown the error."""
    told_there: ClassVar[bool] = False
    """The page that the browser is led to says the message."""
    way_on: ClassVar[tuple[str, str]] = ("Go to the front page", "/")
    """Label and address of what to do next."""
    details: Mapping[str, Any] = {}
    """What programs are told besides."""

    def __init__(
        self,
        message: str | None = None,
        *,
        advice: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.advice = advice or type(self).advice
        self.retry_after = retry_after if retry_after is not None else type(self).retry_after
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """`EmailTaken` is told to programs as `email_taken`."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class BadRequest(AppError):
    title = "That request made no sense"


class SignInNeeded(AppError):
    status = 401
    title = "Sign in first"
    message = "This is for people who are signed in."
    advice = "Sign in, and you will come back here."

    def __init__(self, *, back_to: str = "/account") -> None:
        super().__init__()
        self.redirect_to = f"/sign-in?next={quote(back_to, safe='')}"


class ConfirmationNeeded(AppError):
    status = 403
    title = "Confirm your address first"
    message = "This opens once you have confirmed your e-mail address."
    advice = "Enter the code from the mail we sent you."
    redirect_to = "/verify"


class Forbidden(AppError):
    status = 403
    title = "This is not open to you"
    message = "You may not do that."


class CrossSite(Forbidden):
    message = "The request came from another site, so it was refused and nothing was changed."
    advice = "Open the page here and press the button again."


class NotFound(AppError):
    status = 404
    title = "Page not found"
    message = "There is nothing at this address."
    advice = "Check the address, or start from the front page."


class MethodNotAllowed(AppError):
    status = 405
    title = "That is not how this page works"
    message = "This address does not take that kind of request."


class Gone(AppError):
    status = 410
    title = "This link no longer works"
    message = "The link has expired or was used already."
    advice = "Ask for a fresh one."


class TooLarge(AppError):
    status = 413
    title = "That is too large"
    message = "What you sent is larger than this page accepts."
    advice = "Send less and try again."


class InvalidInput(AppError):
    """`errors` maps a field to the sentence shown beside it."""

    status = 422
    title = "There is a problem"
    message = "Some of what you entered needs another look."
    advice = "Correct the marked fields and send it again."

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__()


class UnknownPlace(InvalidInput):
    """A list has nothing, or nothing of this person's, that `starting_after` names."""

    def __init__(self) -> None:
        super().__init__({"starting_after": "There is nothing with this id on the list."})


class TooManyRequests(AppError):
    status = 429
    title = "Too many tries"
    message = "That was tried too often."
    advice = "Wait a little, then try again."


class Unavailable(AppError):
    status = 503
    title = "Not available right now"
    message = "Something Admit depends on does not answer. Nothing was changed."
    advice = "Try again in a minute."
    retry_after = 30
