"""The product's own rooms behind HTTP in this process: real frame, real database, real templates.

Stripe is whatever `simulator_url` names; unless a test starts one there is none.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from fastapi import FastAPI

from admit.access.asking import Asking
from admit.access.service import grant
from admit.accounts.models import User
from admit.billing.catalog.service import apply, load_file
from admit.core.config import load_settings
from admit.core.db import Database
from admit.core.http.hot import HotRoads
from admit.web import create_app
from admit.wiring import Wiring, wire
from tests.access.people import add_person, add_session
from tests.accounts.house import built_templates
from tests.engines.patience import PATIENT

ORIGIN = "http://127.0.0.1:8000"


@dataclass
class Rooms:
    wiring: Wiring
    app: HotRoads
    browsers: list[httpx2.AsyncClient] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.wiring.parts.database

    @property
    def asking(self) -> Asking:
        assert isinstance(self.app.app, FastAPI)
        asking: Asking = self.app.app.state.asking
        return asking

    def browser(self, token: str | None = None) -> httpx2.AsyncClient:
        """Signed in when a session's token is given."""
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app),
            base_url=ORIGIN,
            headers={"origin": ORIGIN},
            cookies={"session": token} if token else None,
        )
        self.browsers.append(client)
        return client

    async def person(
        self, name: str = "ada", *, is_verified: bool = True
    ) -> tuple[User, httpx2.AsyncClient]:
        async with self.database.write() as db:
            user = await add_person(db, name, is_verified=is_verified)
            token = await add_session(db, user, now=datetime.now(UTC))
        return user, self.browser(token)

    async def open(
        self,
        user: User,
        feature: str,
        *,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> str:
        """The id of a grant by staff."""
        async with self.database.write() as db:
            return await grant(
                db,
                user_id=user.id,
                feature=feature,
                until=until,
                limit=limit,
                reason="A guest.",
                now=self.wiring.parts.clock.business(),
            )


@asynccontextmanager
async def open_rooms(
    database_url: str,
    directory: Path,
    *,
    simulator_url: str = "http://127.0.0.1:9",
    **more: object,
) -> AsyncIterator[Rooms]:
    settings = load_settings(
        database_url=database_url,
        admit_data_dir=directory,
        stripe_simulator_url=simulator_url,
        password_hash_memory_kib=19456,
        **{**PATIENT, **more},
    )
    wiring = wire(settings)
    async with wiring.parts.database.write() as db:
        await apply(db, load_file(), now=wiring.parts.clock.wall())
    app = create_app(wiring)
    assert isinstance(app, HotRoads)
    assert isinstance(app.app, FastAPI)
    app.app.state.templates = built_templates(directory)
    rooms = Rooms(wiring, app)
    yield rooms
    for browser in rooms.browsers:
        await browser.aclose()
    await rooms.asking.rest()
    wiring.billing.gateway.close()
    await wiring.parts.database.close()
