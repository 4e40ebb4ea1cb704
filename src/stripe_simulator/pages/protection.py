"""Forms of these pages are taken from these pages only."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from stripe_simulator.pages.rendering import notice

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_our_own_form(request: Request, *, base_url: str) -> bool:
    """False for a POST that another site caused in somebody's browser.

    A browser names its page in `Sec-Fetch-Site` or `Origin`; a request with neither comes from
    a program that drives the simulator on purpose. The host is checked as well: a name that an
    attacker points at this machine would make his page "the same site".
    """
    if request.url.hostname not in LOOPBACK | {urlsplit(base_url).hostname}:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("origin")
    return sender is None or sender == f"{request.url.scheme}://{request.url.netloc}"


def refused() -> Response:
    return notice(
        heading="This form came from another site",
        text="So it was not taken, and nothing has changed.",
        status=403,
    )
