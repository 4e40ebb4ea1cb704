"""A list's number counts what changes in it, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, update

from admit import models  # noqa: F401 - every table registers itself
from admit.access.models import FeatureRow
from admit.billing.catalog.models import Price
from admit.core.db import Database
from admit.core.versions import count_changes_of, number_of, numbers_of

AT_ONCE = 8


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    count_changes_of(database)
    yield database
    await database.close()


def feature(key: str) -> FeatureRow:
    return FeatureRow(key=key, name=key, description="", open_to_all=False, position=1)


async def plans(database: Database) -> int:
    async with database.read() as db:
        return await number_of(db, {"plans"}, ())


async def test_a_list_counts_what_comes_changes_and_goes(database: Database) -> None:
    assert await plans(database) == 0

    async with database.write() as db:
        db.add_all([feature("pro"), feature("team")])
    assert await plans(database) == 1

    async with database.write() as db:
        (await db.get_one(FeatureRow, "pro")).name = "Pro"
    assert await plans(database) == 2

    async with database.write() as db:
        (await db.get_one(FeatureRow, "pro")).name = "Pro"
        assert await db.get(Price, "nothing") is None
    assert await plans(database) == 2

    async with database.write() as db:
        await db.delete(await db.get_one(FeatureRow, "pro"))
    assert await plans(database) == 3


async def test_a_statement_counts_and_what_is_undone_does_not(database: Database) -> None:
    async with database.write() as db:
        db.add(feature("pro"))
    async with database.write() as db:
        (await db.get_one(FeatureRow, "pro")).name = "Pro"
        await db.flush()
        await db.rollback()
    assert await plans(database) == 1

    async with database.write() as db:
        await db.execute(update(FeatureRow).values(position=2))
        await db.execute(delete(Price))
    assert await plans(database) == 3


async def test_changes_at_once_are_counted_one_by_one(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as db:
            db.add(feature(f"feature-{number}"))

    await asyncio.gather(*[add(number) for number in range(AT_ONCE)])

    assert await plans(database) == AT_ONCE
    async with database.read() as db:
        assert await numbers_of(db, ["nobody"]) == {"plans": AT_ONCE}
