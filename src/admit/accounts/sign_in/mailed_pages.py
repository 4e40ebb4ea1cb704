"""What the pages of mailed codes show."""

from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from admit.accounts.destination import own_path
from admit.accounts.limits.service import whole_seconds
from admit.accounts.sign_in.mailed import RESEND_WAIT, Shown, TooManyMails
from admit.accounts.verification.pages import hides_address
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.http.answers import page

SENT = "A new mail is on its way. The code before it no longer works."


def ask_page(
    request: Request,
    *,
    email: str = "",
    next_path: str | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "form": {"email": email},
        "errors": errors or {},
        "next": own_path(next_path),
    }
    return page(request, "accounts/sign_in_by_mail.html", context, status=status)


def code_page(
    request: Request,
    shown: Shown,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "email": shown.email,
        "errors": errors or {},
        "resend_wait_seconds": seconds_of(shown.resend_wait),
        "resends_left": shown.resends_left,
        "next": shown.next_path,
    }
    return page(request, "accounts/sign_in_code.html", context, status=status)


def seconds_of(wait: timedelta) -> int:
    return whole_seconds(wait) if wait > timedelta() else 0


def wait_sentence(held: TooManyMails) -> str:
    why = (
        "Another mail can be sent soon."
        if held.wait <= RESEND_WAIT
        else "Too many mails were asked for."
    )
    return try_again_in(held.wait, why=why)


def asked_too_often(request: Request, shown: Shown, held: TooManyMails) -> Response:
    answer = code_page(request, shown, errors={"form": wait_sentence(held)}, status=429)
    return asks_for_patience(answer, held.wait)


def link_page(request: Request, token: str, email: str | None) -> Response:
    """`email` is None for a link that opens nothing."""
    context = {"token": token, "email": email}
    status = 200 if email else 410
    return hides_address(page(request, "accounts/sign_in_link.html", context, status=status))
