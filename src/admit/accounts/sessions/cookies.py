"""The cookies of this slice; each holds a token whose hash is in the database, nothing else."""

from fastapi import Request
from starlette.responses import Response

from admit.accounts.caller import Caller
from admit.accounts.devices.service import REMEMBERED_FOR
from admit.accounts.sessions.service import Browser, Entry, Lifetimes
from admit.accounts.sign_in.mailed import WAITS_FOR
from admit.accounts.verification.service import BROWSER_LIFE
from admit.core.http.cookies import SESSION, jar_of

DEVICE = "device"
VERIFICATION = "verification"
SIGN_IN = "sign_in"
MAILED_CODE = "mailed_code"


def browser_of(request: Request, caller: Caller) -> Browser:
    jar = jar_of(request)
    return Browser(
        caller=caller,
        session_token=jar.read(request, SESSION),
        device_token=jar.read(request, DEVICE),
        verification_token=jar.read(request, VERIFICATION),
        sign_in_token=jar.read(request, SIGN_IN),
    )


def hand_over(request: Request, response: Response, entry: Entry, lifetimes: Lifetimes) -> None:
    jar = jar_of(request)
    jar.write(
        response,
        SESSION,
        entry.session_token,
        max_age=int(lifetimes.absolute.total_seconds()),
    )
    jar.write(response, DEVICE, entry.device_token, max_age=int(REMEMBERED_FOR.total_seconds()))


def keep_waiting(request: Request, response: Response, verification_token: str) -> None:
    jar_of(request).write(
        response,
        VERIFICATION,
        verification_token,
        max_age=int(BROWSER_LIFE.total_seconds()),
    )


def stop_waiting(request: Request, response: Response) -> None:
    jar_of(request).clear(response, VERIFICATION)


def pause_sign_in(request: Request, response: Response, token: str) -> None:
    """As long as the browser is open; the attempt itself ends after a quarter of an hour."""
    jar_of(request).write(response, SIGN_IN, token)


def keep_mailed_code(request: Request, response: Response, token: str) -> None:
    """Of the browser that asked for a mail to sign in; the code in it works here only."""
    longest = int(WAITS_FOR.total_seconds())
    jar_of(request).write(response, MAILED_CODE, token, max_age=longest)


def renew_session(
    request: Request, response: Response, session_token: str, lifetimes: Lifetimes
) -> None:
    """The same session under a new token."""
    longest = int(lifetimes.absolute.total_seconds())
    jar_of(request).write(response, SESSION, session_token, max_age=longest)
