from typing import Annotated

from fastapi import Depends, Request

from admit.accounts.oauth.provider import Provider
from admit.accounts.oauth.registry import Providers, providers_for
from admit.core.errors import NotFound
from admit.core.http.state import AppParts


def providers_of(request: Request, parts: AppParts) -> Providers:
    """Made when first asked for; it remembers where the providers' endpoints and keys are."""
    state = request.app.state
    if not hasattr(state, "providers"):
        state.providers = providers_for(parts.settings, parts.clock)
    providers: Providers = state.providers
    return providers


AppProviders = Annotated[Providers, Depends(providers_of)]


def provider_named(provider: str, providers: AppProviders) -> Provider:
    """One that is set up; any other name is no page of ours."""
    found = providers.get(provider)
    if found is None:
        raise NotFound
    return found


NamedProvider = Annotated[Provider, Depends(provider_named)]
