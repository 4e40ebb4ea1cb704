"""A world with several plans; see `shop.toml`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.engines.simulators import Simulators
from tests.engines.world import World, open_world

CATALOGUE = Path(__file__).with_name("shop.toml")


@asynccontextmanager
async def open_shop(database_url: str, simulators: Simulators) -> AsyncIterator[World]:
    async with open_world(database_url, simulators, admit_catalog_file=CATALOGUE) as world:
        yield world
