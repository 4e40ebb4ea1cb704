"""What a banned network brings along counts nothing: no cookie, no token, no key."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from admit.accounts.deps import caller_of
from admit.core.config import Settings

CREDENTIALS = {b"cookie", b"authorization"}


class WithoutBannedNetworks:
    """Before everything else, the hot roads too; public pages stay open to everybody.

    The ways in ask `Caller.is_banned` themselves, and refuse like a wrong password.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and caller_of(Request(scope), self.settings).is_banned:
            kept = [header for header in scope["headers"] if header[0] not in CREDENTIALS]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


def without_banned_networks(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Where nobody is banned, nothing is asked."""
    return WithoutBannedNetworks(app, settings) if settings.banned_networks else app
