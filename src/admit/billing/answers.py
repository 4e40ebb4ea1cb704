"""Pages that every part of billing answers with."""

from fastapi import Request, Response

from admit.billing.gateway import GatewayUnavailable
from admit.core.http.answers import page


def unavailable(
    request: Request, error: GatewayUnavailable, *, retry_url: str, is_kept: bool = False
) -> Response:
    """`is_kept`: what was asked for is committed, and done as soon as Stripe answers."""
    context = {"retry_url": retry_url, "is_kept": is_kept}
    response = page(request, "billing/unavailable.html", context, status=error.status)
    response.headers["Retry-After"] = str(error.retry_after)
    return response
