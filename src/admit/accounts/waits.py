"""Answers that ask for patience: the page again, 429, and when to come back."""

from datetime import timedelta

from starlette.responses import Response

from admit.accounts.limits.service import in_words, whole_seconds
from admit.core.errors import TooManyRequests


def asks_for_patience(response: Response, wait: timedelta) -> Response:
    response.headers["Retry-After"] = str(whole_seconds(wait))
    return response


def try_again_in(wait: timedelta, *, why: str) -> str:
    return f"{why} Try again in {in_words(wait)}."


def too_soon(wait: timedelta) -> TooManyRequests:
    """For programs."""
    sentence = try_again_in(wait, why="That was tried too often.")
    return TooManyRequests(sentence, retry_after=whole_seconds(wait))
