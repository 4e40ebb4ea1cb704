"""What can stand between a person and their account, each with its sentence."""

from urllib.parse import quote

from admit.core.errors import AppError, Unavailable


class EmailTaken(AppError):
    """Only the terminal and the setup page say so; visitors get the same answer either way."""

    status = 409
    title = "That address is taken"
    message = "That address already has an account."
    advice = "Use another address."


class ProofNeeded(AppError):
    """The session is right, but too old a proof for something this sensitive."""

    status = 403
    title = "Show that it is you"
    message = "This needs a fresh proof that it is really you."
    advice = "Prove it once more, and you will come back here."

    def __init__(self, *, back_to: str = "/account") -> None:
        super().__init__()
        self.redirect_to = f"/sign-in/again?next={quote(back_to, safe='')}"

    @property
    def code(self) -> str:
        """As SECURITY.md S35 and the API name it."""
        return "reauth_required"


class HashingBusy(Unavailable):
    title = "Very busy right now"
    message = "Too many people are signing in at this moment. Nothing was changed."
    advice = "Try again in a few seconds."
    retry_after = 5
