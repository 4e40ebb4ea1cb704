"""What an application carries, as routes ask for it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from jinja2 import Environment

from admit.core.clock import Clock
from admit.core.config import Settings
from admit.core.crypto import Vault
from admit.core.db import Database
from admit.core.http.cookies import CookieJar


@dataclass(frozen=True)
class Parts:
    """One of each a process; made by a door and shared by web and worker."""

    settings: Settings
    clock: Clock
    database: Database
    vault: Vault
    templates: Environment

    def install(self, app: FastAPI) -> None:
        app.state.parts = self
        app.state.settings = self.settings
        app.state.database = self.database
        app.state.templates = self.templates
        app.state.cookies = CookieJar(https=self.settings.public_url.startswith("https://"))


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def clock_of(request: Request) -> Clock:
    return parts_of(request).clock


def settings_of(request: Request) -> Settings:
    return parts_of(request).settings


def vault_of(request: Request) -> Vault:
    return parts_of(request).vault


AppParts = Annotated[Parts, Depends(parts_of)]
AppClock = Annotated[Clock, Depends(clock_of)]
AppSettings = Annotated[Settings, Depends(settings_of)]
AppVault = Annotated[Vault, Depends(vault_of)]
