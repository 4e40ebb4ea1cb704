"""The accounts part of the product behind HTTP: real frame, real database, a clock that moves."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from fastapi import APIRouter, Depends, FastAPI
from jinja2 import Environment
from sqlalchemy import select, text
from starlette.datastructures import State

import admit.models  # noqa: F401 - `dump` follows every foreign key
from admit.access.deps import load_visitor
from admit.accounts.banned import WithoutBannedNetworks
from admit.accounts.deps import SignedIn, Verified, Visitor
from admit.accounts.password.service import Passwords
from admit.accounts.routes import router
from admit.core.clock import Clock
from admit.core.config import Settings, load_settings
from admit.core.crypto import Vault
from admit.core.db import Base, Database
from admit.core.faults import CrashPoints
from admit.core.http.answers import LastResort, install_error_answers
from admit.core.http.frame import (
    BodyLimit,
    CrossSiteRule,
    NoTrailingSlash,
    RequestLog,
    SecurityHeaders,
)
from admit.core.http.state import Parts
from admit.core.http.templates import build_environment
from admit.core.mail.service import OpenedMail, newest_mails, open_mail
from admit.holdings import HOLDINGS
from tests.accounts.manners import Manners
from tests.accounts.secrecy import Secrecy, texts_of
from tests.engines.patience import PATIENT

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "heron under the quiet bridge"
BUILT = ("favicon.svg", "app.css", "app.js")
FONTS = ("figtree-latin-wght-normal.woff2", "bricolage-grotesque-latin-wght-normal.woff2")


witness = APIRouter()
"""Pages that tell who the guards of this slice let in."""


@witness.get("/whoami")
async def whoami(person: Visitor) -> dict[str, str | bool] | None:
    if person is None:
        return None
    return {"email": person.email, "verified": person.is_verified, "admin": person.is_admin}


@witness.post("/for-signed-in")
@witness.get("/for-signed-in")
async def for_signed_in(person: SignedIn) -> str:
    return person.email


@witness.get("/for-verified")
async def for_verified(person: Verified) -> str:
    return person.email


class MovableClock(Clock):
    """Wall time that stands still until a test moves it; sessions and codes live by it."""

    def __init__(self) -> None:
        super().__init__()
        self.began = super().wall()
        self.ahead = timedelta()

    def wall(self) -> datetime:
        return self.began + self.ahead

    def move(self, by: timedelta) -> None:
        self.ahead += by


@dataclass
class Browser:
    http: httpx2.AsyncClient
    house: "House"

    async def get(self, path: str) -> httpx2.Response:
        return await self.http.get(path)

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        return await self.http.post(path, data=fields)

    async def sign_up(self, email: str = "ada@example.com", **fields: str) -> httpx2.Response:
        asked = {"first_name": "Ada", "last_name": "Lovelace", "password": PASSWORD, **fields}
        return await self.post("/sign-up", email=email, **asked)

    async def sign_in(
        self, email: str = "ada@example.com", password: str = PASSWORD, **fields: str
    ) -> httpx2.Response:
        return await self.post("/sign-in", email=email, password=password, **fields)

    async def confirm(self, email: str = "ada@example.com") -> httpx2.Response:
        return await self.post("/verify", code=code_in(await self.house.newest_mail(email)))

    async def whoami(self) -> dict[str, Any] | None:
        answer = (await self.get("/whoami")).json()
        return answer if answer is None else dict(answer)

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}


@dataclass
class House:
    app: FastAPI
    parts: Parts
    clock: MovableClock
    passwords: Passwords
    browsers: list[httpx2.AsyncClient] = field(default_factory=list)
    secrecy: Secrecy = field(default_factory=Secrecy)
    manners: Manners = field(default_factory=Manners)

    @property
    def database(self) -> Database:
        return self.parts.database

    def browser(self, ip: str = "127.0.0.1", **headers: str) -> Browser:
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, client=(ip, 50000)),
            base_url=ORIGIN,
            headers={"origin": ORIGIN, **headers},
            event_hooks={"response": [self.secrecy.saw, self.manners.saw]},
        )
        self.browsers.append(client)
        return Browser(client, self)

    async def person(self, email: str = "ada@example.com") -> Browser:
        """Signed up, confirmed, and signed in at this browser."""
        browser = self.browser()
        await browser.sign_up(email)
        await browser.confirm(email)
        return browser

    async def mails(self, recipient: str | None = None) -> list[OpenedMail]:
        """Newest first."""
        async with self.database.read() as db:
            rows = await newest_mails(db)
        opened = [open_mail(row, self.parts.vault) for row in rows]
        return [mail for mail in opened if recipient in {None, mail.recipient}]

    async def newest_mail(self, recipient: str) -> OpenedMail:
        return (await self.mails(recipient))[0]

    async def rows(self, model: type[Base]) -> list[Any]:
        async with self.database.read() as db:
            return list(await db.scalars(select(model)))

    async def execute(self, statement: str, **values: Any) -> None:
        async with self.database.write() as db:
            await db.execute(text(statement), values)

    async def keeps_its_secrets(self) -> None:
        """S17, S59: nothing that was given to a browser lies about in clear, whatever was done."""
        self.secrecy.read(await self.mails())
        logged = self.secrecy.found_in("\n".join(self.secrecy.lines))
        stored = self.secrecy.found_in(await texts_of(self.database))
        assert (logged, stored) == (set(), set()), f"in the log: {logged}, stored: {stored}"

    async def dump(self) -> str:
        """Everything every table holds, as text."""
        async with self.database.read() as db:
            tables = [
                (await db.execute(table.select())).all() for table in Base.metadata.sorted_tables
            ]
        return repr(tables)


def code_in(mail: OpenedMail) -> str:
    found = re.search(r"\b\d{6}\b", mail.text)
    assert found is not None
    return found[0]


def link_in(mail: OpenedMail) -> str:
    """The path of the link; the browser of the test has the host already."""
    found = re.search(rf"{re.escape(ORIGIN)}(/verify/\S+)", mail.text)
    assert found is not None
    return found[1]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@asynccontextmanager
async def open_house(
    database_url: str, templates: Environment, **settings: object
) -> AsyncIterator[House]:
    """Among the settings, `crash_points` is where requests die."""
    crash_points = settings.pop("crash_points", None)
    assert crash_points is None or isinstance(crash_points, CrashPoints)
    chosen = load_settings(
        **{
            **PATIENT,
            "database_url": database_url,
            "password_hash_memory_kib": 19456,
            **settings,
        }
    )
    clock = MovableClock()
    parts = Parts(
        settings=chosen,
        clock=clock,
        database=Database.of(chosen, crash_points=crash_points),
        vault=Vault(chosen.admit_secret_key.get_secret_value(), former=chosen.former_secret_keys),
        templates=templates,
    )
    passwords = Passwords(memory_kib=chosen.password_hash_memory_kib)
    house = House(build_app(parts, passwords), parts, clock, passwords)
    with house.secrecy.listening():
        yield house
    for browser in house.browsers:
        await browser.aclose()
    try:
        assert house.manners.lapses == set(), house.manners.lapses
        await house.keeps_its_secrets()
    finally:
        await parts.database.close()


def built_templates(directory: Path) -> Environment:
    """With what the front end's build would have left: these tests look at no style."""
    names = {name: name for name in (*BUILT, *FONTS)}
    (directory / "manifest.json").write_text(json.dumps(names))
    return build_environment(now=Clock().business, static_root=directory)


def build_app(parts: Parts, passwords: Passwords) -> FastAPI:
    app = copy(routed())
    app.state, app.user_middleware, app.middleware_stack = State(), [], None
    parts.install(app)
    app.state.passwords = passwords
    app.state.holdings = HOLDINGS
    put_into_frame(app, parts.settings)
    return app


@cache
def routed() -> FastAPI:
    """What FastAPI works out about each route is worked out once for all houses."""
    app = FastAPI()
    app.include_router(router, dependencies=[Depends(load_visitor)])
    app.include_router(witness, dependencies=[Depends(load_visitor)])
    install_error_answers(app)
    return app


def put_into_frame(app: FastAPI, settings: Settings) -> None:
    """As `admit.web` does."""
    app.add_middleware(LastResort)
    app.add_middleware(BodyLimit)
    app.add_middleware(CrossSiteRule, own_origins=(settings.public_url,))
    app.add_middleware(NoTrailingSlash)
    app.add_middleware(
        SecurityHeaders,
        form_targets=settings.form_targets,
        https=settings.public_url.startswith("https://"),
    )
    app.add_middleware(RequestLog)
    if settings.banned_networks:
        app.add_middleware(WithoutBannedNetworks, settings=settings)
