"""The providers that the operator has set up, in the order of their buttons."""

from collections.abc import Mapping

from admit.accounts.oauth.github import GitHub
from admit.accounts.oauth.openid import OpenIdProvider
from admit.accounts.oauth.provider import Provider
from admit.core.clock import Clock
from admit.core.config import Settings

Providers = Mapping[str, Provider]
LABELS: Mapping[str, str] = {"google": "Google", "github": "GitHub"}


def providers_for(settings: Settings, clock: Clock) -> Providers:
    found: dict[str, Provider] = {}
    if settings.google_client_id:
        found["google"] = OpenIdProvider(
            name="google",
            label=LABELS["google"],
            issuer=settings.google_issuer,
            client_id=settings.google_client_id,
            client_secret=settings.google_client_secret,
            clock=clock,
        )
    if settings.github_client_id:
        found["github"] = GitHub(
            name="github",
            label=LABELS["github"],
            url=settings.github_url,
            api_url=settings.github_api_url,
            client_id=settings.github_client_id,
            client_secret=settings.github_client_secret,
        )
    return found


def set_up(settings: Settings) -> list[tuple[str, str]]:
    """Name and label of each, for the buttons."""
    given = {"google": settings.google_client_id, "github": settings.github_client_id}
    return [(name, LABELS[name]) for name, client_id in given.items() if client_id]
