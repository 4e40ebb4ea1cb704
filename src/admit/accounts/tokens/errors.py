"""Why a program is not let in. As on the pages, nobody learns who has an account."""

from admit.core.errors import AppError


class NotLetIn(AppError):
    status = 401
    title = "Not let in"
    way_on = ("Sign in", "/sign-in")


class SignInRefused(NotLetIn):
    message = "That address and password do not belong together."
    advice = "Check both and try again."


class CodeRefused(NotLetIn):
    message = "That code is not right, or it no longer works."
    advice = "Look at the newest mail and try again."


class SecondFactorRefused(NotLetIn):
    message = "That code is not right."
    advice = "Enter the one that your app shows now, or a recovery code."


class SignInOver(NotLetIn):
    message = "This sign-in is over."
    advice = "Sign in again."


class RefreshRefused(NotLetIn):
    message = "That refresh token does not work, or no longer."
    advice = "Sign in again."
