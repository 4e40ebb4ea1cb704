from collections.abc import AsyncIterator, Iterator

import pytest
from jinja2 import Environment

from tests.accounts.house import House, open_house
from tests.engines.provider import StandIn, running_provider


@pytest.fixture(scope="session")
def one_provider() -> Iterator[StandIn]:
    """One for a whole run: its keys take a while to make."""
    with running_provider() as stand_in:
        yield stand_in


@pytest.fixture
def provider(one_provider: StandIn) -> StandIn:
    one_provider.behaves()
    return one_provider


@pytest.fixture
async def house(
    database_url: str, templates: Environment, provider: StandIn
) -> AsyncIterator[House]:
    async with open_house(database_url, templates, **provider.settings) as opened:
        yield opened
