"""Sending somebody to a provider."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from admit.accounts.caller import Caller
from admit.accounts.limits.service import whole_seconds
from admit.accounts.oauth.attempts import Begun, begin
from admit.accounts.oauth.cookies import keep_attempt
from admit.accounts.oauth.models import Purpose
from admit.accounts.oauth.provider import Provider
from admit.core.errors import TooManyRequests
from admit.core.http.state import Parts

CONNECTIONS = "/account/security/connections"


async def send_to(
    request: Request,
    provider: Provider,
    parts: Parts,
    *,
    purpose: Purpose,
    caller: Caller,
    session_id: str | None = None,
    next_path: str | None = None,
) -> Response:
    """Raises `TooManyRequests`, or what the provider raises."""
    async with parts.database.write() as db:
        begun = await begin(
            db,
            parts.vault,
            provider=provider.name,
            purpose=purpose,
            session_id=session_id,
            next_path=next_path,
            redirect_uri=callback_of(parts, provider.name),
            network=caller.network,
            now=parts.clock.wall(),
        )
    if not isinstance(begun, Begun):
        raise TooManyRequests(retry_after=whole_seconds(begun))
    target = await provider.authorization_url(begun.attempt)
    response = RedirectResponse(target, status_code=303)
    keep_attempt(request, response, state=begun.attempt.state, secret=begun.secret)
    return response


def callback_of(parts: Parts, provider: str) -> str:
    """One for each provider: a code that another one gave does not arrive here."""
    return f"{parts.settings.public_url}/sign-in/with/{provider}/callback"
