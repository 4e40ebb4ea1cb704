from collections.abc import AsyncIterator

import pytest
from jinja2 import Environment

from tests.accounts.house import House, built_templates, open_house


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Compiled once a run."""
    return built_templates(tmp_path_factory.mktemp("static"))


@pytest.fixture
async def house(database_url: str, templates: Environment) -> AsyncIterator[House]:
    async with open_house(database_url, templates) as opened:
        yield opened
