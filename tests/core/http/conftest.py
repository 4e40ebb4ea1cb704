from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pages.rooms import Rooms, open_rooms


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path) as opened:
        yield opened
