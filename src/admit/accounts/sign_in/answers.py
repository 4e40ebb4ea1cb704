"""How every way in ends: the cookies of who came in, and the page that comes next."""

from fastapi import Request
from starlette.responses import Response

from admit.accounts.destination import after_sign_in
from admit.accounts.sessions.cookies import (
    SIGN_IN,
    hand_over,
    keep_waiting,
    pause_sign_in,
    stop_waiting,
)
from admit.accounts.sessions.service import Lifetimes
from admit.accounts.sign_in.steps import SecondFactorNeeded, Welcome
from admit.core.http.answers import go_to
from admit.core.http.cookies import jar_of


def lead_on(
    request: Request,
    outcome: Welcome | SecondFactorNeeded,
    *,
    next_path: str | None,
    lifetimes: Lifetimes,
    say: str | None = None,
) -> Response:
    """To the page that was asked for, to the second factor, or to confirming the address."""
    if isinstance(outcome, SecondFactorNeeded):
        response: Response = go_to(request, "/sign-in/2fa")
        pause_sign_in(request, response, outcome.token)
        return response
    leads_to = after_sign_in(next_path) if outcome.user.is_verified else "/verify"
    response = go_to(request, leads_to, say=say)
    hand_over(request, response, outcome.entry, lifetimes)
    jar = jar_of(request)
    if jar.read(request, SIGN_IN):
        jar.clear(response, SIGN_IN)
    if outcome.verification_token:
        keep_waiting(request, response, outcome.verification_token)
    else:
        stop_waiting(request, response)
    return response
