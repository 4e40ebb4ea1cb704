from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from admit.core.db import Database
from tests.pages.rooms import Rooms, open_rooms


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path) as opened:
        yield opened
