"""Somebody of a world in front of the product's own pages: real frame and templates, no script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI

from admit.accounts.models import User
from admit.core.http.hot import HotRoads
from admit.web import create_app
from tests.access.people import add_session
from tests.accounts.house import built_templates
from tests.engines.document import Element, form_of, read
from tests.engines.world import Actor, World

ORIGIN = "http://127.0.0.1:8000"


class Window:
    """What is in front of the person now."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self.answer = httpx2.Response(204)

    async def goes(self, path: str) -> "Window":
        self.answer = await self._http.get(path)
        return await self._follow()

    async def presses(self, button: str, **typed: str) -> "Window":
        """`typed` by the names of the fields, which must be there."""
        form = form_of(self.page, button)
        assert typed.keys() <= form.fields.keys(), f"There are only {sorted(form.fields)}."
        fields = {**form.fields, **typed}
        if form.method == "get":
            return await self.goes(str(httpx2.URL(form.action, params=fields)))
        return await self.sends(form.action, **fields)

    async def sends(self, path: str, **fields: str) -> "Window":
        self.answer = await self._http.post(path, data=fields)
        return await self._follow()

    async def _follow(self) -> "Window":
        """As far as this site goes; Stripe's pages are not opened."""
        while self.answer.status_code == 303 and self.leads_to.startswith("/"):
            self.answer = await self._http.get(self.leads_to)
        return self

    @property
    def leads_to(self) -> str:
        return str(self.answer.headers.get("location", ""))

    @property
    def page(self) -> Element:
        return read(self.answer.text)

    @property
    def path(self) -> str:
        return self.answer.request.url.path

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def heading(self) -> str:
        (only,) = self.page.all("h1")
        return only.text

    def says(self, sentence: str) -> bool:
        return sentence in self.page.text


@asynccontextmanager
async def open_window(world: World, actor: Actor, directory: Path) -> AsyncIterator[Window]:
    app = create_app(world.wiring)
    assert isinstance(app, HotRoads)
    assert isinstance(app.app, FastAPI)
    app.app.state.templates = built_templates(directory)
    async with world.database.write() as db:
        user = await db.get_one(User, actor.person.id)
        token = await add_session(db, user, now=world.clock.wall())
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=ORIGIN,
        headers={"origin": ORIGIN},
        cookies={"session": token},
    ) as http:
        yield Window(http)
