from typing import Annotated

from fastapi import Depends

from admit.accounts.passkeys.errors import NoPasskeysHere
from admit.accounts.passkeys.site import Site, site_of
from admit.core.http.state import AppSettings


def named_site(settings: AppSettings) -> Site:
    site = site_of(settings)
    if site is None:
        raise NoPasskeysHere
    return site


NamedSite = Annotated[Site, Depends(named_site)]
