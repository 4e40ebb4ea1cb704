"""Somebody signed in, in front of the product's pages, while Stripe is a simulator."""

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
from tests.engines.world import Actor, World
from tests.pages.rooms import ORIGIN


@asynccontextmanager
async def browser_of(
    world: World, actor: Actor, directory: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    async with world.database.write() as db:
        user = await db.get_one(User, actor.person.id)
        token = await add_session(db, user, now=world.clock.wall())
    app = create_app(world.wiring)
    assert isinstance(app, HotRoads)
    assert isinstance(app.app, FastAPI)
    app.app.state.templates = built_templates(directory)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=ORIGIN,
        headers={"origin": ORIGIN},
        cookies={"session": token},
    ) as browser:
        yield browser
