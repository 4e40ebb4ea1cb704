from collections.abc import AsyncIterator, Iterator

import pytest

from tests.billing.shop import open_shop
from tests.engines.simulators import Simulators, running_simulators
from tests.engines.world import Actor, World, open_world


@pytest.fixture(scope="session")
def simulators() -> Iterator[Simulators]:
    with running_simulators() as simulators:
        yield simulators


@pytest.fixture
async def world(database_url: str, simulators: Simulators) -> AsyncIterator[World]:
    async with open_world(database_url, simulators) as world:
        yield world


@pytest.fixture
async def ada(world: World) -> Actor:
    return await world.person("ada")


@pytest.fixture
async def shop(database_url: str, simulators: Simulators) -> AsyncIterator[World]:
    """A world with several plans, trials and quantities."""
    async with open_shop(database_url, simulators) as world:
        yield world
