from typing import Annotated

from fastapi import Depends

from admit.accounts.password.breaches import Breaches
from admit.core.http.state import AppSettings


def breaches_of(settings: AppSettings) -> Breaches:
    return Breaches(settings.password_breach_url)


AppBreaches = Annotated[Breaches, Depends(breaches_of)]
