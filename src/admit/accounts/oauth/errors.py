"""What can go wrong on the way to a provider and back, each with its sentence."""

from typing import ClassVar

from admit.core.errors import AppError, BadRequest, Unavailable

BACK = ("Back to sign in", "/sign-in")


class ProviderFailed(BadRequest):
    """The answer was not one that may let anybody in; nothing was changed."""

    title = "That sign-in did not work"
    message = "What came back could not be trusted, so nobody was signed in."
    advice = "Start again from the sign-in page."
    way_on = BACK
    is_an_outcome: ClassVar[bool] = True
    """Belongs into the security history."""


class AttemptOver(ProviderFailed):
    """Anybody can ask for the address with whatever they like: that is no try to sign in."""

    message = (
        "This sign-in was not begun in this browser, was used already, or took longer than "
        "ten minutes."
    )
    is_an_outcome = False


class ProviderSilent(Unavailable):
    title = "No answer from there"
    message = "The service that you sign in with does not answer right now. Nothing was changed."
    advice = "Try again in a minute, or sign in another way."
    way_on = BACK


class IdTokenRefused(ProviderFailed):
    """`reason` is for the log; people are told no more than that it failed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class TakenElsewhere(AppError):
    status = 409
    title = "That one is taken"
    message = "It opens another account here already, or yours has another one of the same kind."
    advice = "Disconnect it there first, or use another."
    way_on = ("Connected accounts", "/account/security/connections")
