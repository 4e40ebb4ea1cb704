"""The cookie that binds a question for a passkey to the browser that asked for it."""

from fastapi import Request
from starlette.responses import Response

from admit.accounts.passkeys.challenges import CHALLENGE_LIFE
from admit.core.crypto import hash_token
from admit.core.http.cookies import jar_of

PASSKEY = "passkey"


def keep_question(request: Request, response: Response, token: str) -> None:
    longest = int(CHALLENGE_LIFE.total_seconds())
    jar_of(request).write(response, PASSKEY, token, max_age=longest)


def question_of(request: Request) -> str | None:
    return jar_of(request).read(request, PASSKEY)


def binding(token: str | None) -> str:
    """What a challenge for this browser is bound to; of none, what no challenge is bound to."""
    return hash_token(token) if token else ""
