import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from admit.core.db import Database
from tests.billing.connection.terminal import Terminal
from tests.engines.simulators import Simulators


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, reactions={"billing.plan_features_changed": ["follow"]})
    yield database
    await database.close()


@pytest.fixture
def terminal(database_url: str, tmp_path: Path, simulators: Simulators) -> Iterator[Terminal]:
    with simulators.fresh(now=int(time.time())) as stripe:
        yield Terminal(database_url, tmp_path, stripe)
