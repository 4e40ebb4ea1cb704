"""What can stand between a person and their account, each with its sentence."""

from admit.core.errors import AppError, Unavailable


class EmailTaken(AppError):
    """Only the terminal and the setup page say so; visitors get the same answer either way."""

    status = 409
    title = "That address is taken"
    message = "That address already has an account."
    advice = "Use another address."


class HashingBusy(Unavailable):
    title = "Very busy right now"
    message = "Too many people are signing in at this moment. Nothing was changed."
    advice = "Try again in a few seconds."
    retry_after = 5
