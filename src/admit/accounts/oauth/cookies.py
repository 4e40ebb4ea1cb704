"""The cookies of a way to a provider and back; each holds a token whose hash is in the database."""

from fastapi import Request
from starlette.responses import Response

from admit.accounts.oauth.arrival import OFFER_LIFE
from admit.accounts.oauth.attempts import ATTEMPT_LIFE
from admit.core.crypto import hash_token
from admit.core.http.cookies import jar_of

OFFER = "identity_offer"


def attempt_cookie(state: str) -> str:
    """One for each attempt: two tabs that begin at once do not take each other's."""
    return f"oauth_{hash_token(state)[:8]}"


def keep_attempt(request: Request, response: Response, *, state: str, secret: str) -> None:
    longest = int(ATTEMPT_LIFE.total_seconds())
    jar_of(request).write(response, attempt_cookie(state), secret, max_age=longest)


def secret_of(request: Request, state: str) -> str | None:
    return jar_of(request).read(request, attempt_cookie(state))


def end_attempt(request: Request, response: Response, state: str) -> None:
    jar_of(request).clear(response, attempt_cookie(state))


def keep_offer(request: Request, response: Response, token: str) -> None:
    jar_of(request).write(response, OFFER, token, max_age=int(OFFER_LIFE.total_seconds()))


def offer_of(request: Request) -> str | None:
    return jar_of(request).read(request, OFFER)


def end_offer(request: Request, response: Response) -> None:
    jar_of(request).clear(response, OFFER)
