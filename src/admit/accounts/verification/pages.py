"""What the confirmation pages show."""

from datetime import timedelta
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from admit.accounts.destination import HOME, after_sign_in
from admit.accounts.limits.service import in_words, whole_seconds
from admit.accounts.person import Person
from admit.accounts.verification.service import MOST_RESENDS, RESEND_WAIT, Waiting
from admit.core.errors import SignInNeeded
from admit.core.http.answers import go_to, page

SENT = "Another mail is on its way. Older codes and links no longer work."
WELCOME = "Your address is confirmed. Welcome!"
CONFIRMED_ELSEWHERE = "Your address is confirmed. Sign in to go on."
SEVERAL_SIGNED_UP = (
    "Your address is confirmed. Somebody signed up with it more than once, so no password counts "
    "yet: sign in with a code, and set one."
)


def verify_page(
    request: Request,
    shown: Waiting,
    *,
    errors: dict[str, str] | None = None,
    notice: str | None = None,
    status: int = 200,
    fragment: bool = False,
) -> Response:
    wait = shown.resend_wait
    context = {
        "email": shown.email,
        "errors": errors or {},
        "notice": notice,
        "resend_wait_seconds": whole_seconds(wait) if wait else 0,
        "resends_left": shown.resends_left,
    }
    template = "accounts/verify_resend.html" if fragment else "accounts/verify.html"
    return page(request, template, context, status=status)


def nothing_to_confirm(
    request: Request, shown: Waiting | None, person: Person | None
) -> Response | None:
    """Where somebody goes who has no business on the confirmation page; else None."""
    if shown is None and person is None:
        raise SignInNeeded(back_to="/verify")
    is_known = person is not None and person.is_verified
    if shown is None:
        return go_to(request, HOME) if is_known else None
    if not shown.is_over:
        return None
    if is_known:
        return go_to(request, after_sign_in(shown.next_path, shown.plan))
    return sign_in_to_go_on(request, next_path=shown.next_path, plan=shown.plan)


def shown_to(shown: Waiting | None, person: Person | None) -> Waiting:
    """Somebody unconfirmed may be in a browser that has not asked for a mail itself."""
    email = person.email if person else ""
    return shown or Waiting(email=email, resend_wait=timedelta(), resends_left=MOST_RESENDS)


def sent_page(request: Request, shown: Waiting) -> Response:
    """To a reload of the page nothing happens again; htmx swaps only the part that changed."""
    if wants_fragment(request):
        return verify_page(request, shown, notice=SENT, fragment=True)
    return go_to(request, "/verify", say=SENT, kind="info")


def not_sent_page(request: Request, shown: Waiting, wait: timedelta) -> Response:
    """Each refusal names the wait."""
    why = (
        "You can ask for another mail in"
        if wait <= RESEND_WAIT
        else "Too many mails went to this address. You can ask again in"
    )
    response = verify_page(
        request,
        shown,
        errors={"form": f"{why} {in_words(wait)}."},
        status=429,
        fragment=wants_fragment(request),
    )
    response.headers["Retry-After"] = str(whole_seconds(wait))
    return response


def wants_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def sign_in_to_go_on(
    request: Request, *, next_path: str | None, plan: str | None, has_password: bool = True
) -> Response:
    door, say = (
        ("/sign-in", CONFIRMED_ELSEWHERE) if has_password else ("/sign-in/code", SEVERAL_SIGNED_UP)
    )
    leads_to = quote(after_sign_in(next_path, plan), safe="")
    return go_to(request, f"{door}?next={leads_to}", say=say)


def link_page(request: Request, state: str, token: str, *, email: str | None = None) -> Response:
    gone = state in {"expired", "used"}
    response = page(
        request,
        "accounts/verify_link.html",
        {"state": state, "token": token, "email": email},
        status=410 if gone else 200,
    )
    return hides_address(response)


def hides_address(response: Response) -> Response:
    """The address holds a token. `no-referrer` would hide the origin of the form too."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
