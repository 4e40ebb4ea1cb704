from collections.abc import AsyncIterator

import pytest

from admit.core.db import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, reactions={"billing.plan_features_changed": ["follow"]})
    yield database
    await database.close()
