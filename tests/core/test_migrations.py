"""The schema: every step forward, equal to the models, and every step back, on both databases."""

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.engine import make_url

import admit
from admit.core import migrations
from admit.core.db import Base


def test_an_operator_migrates_up_finds_the_models_and_goes_back(
    unmigrated_database_url: str,
) -> None:
    migrations.upgrade(unmigrated_database_url)
    migrations.check(unmigrated_database_url)
    at_the_top = tables_of(unmigrated_database_url)
    migrations.downgrade(unmigrated_database_url, "base")

    assert at_the_top == {"alembic_version", *Base.metadata.tables}
    assert tables_of(unmigrated_database_url) == {"alembic_version"}


def test_an_operator_who_migrates_twice_changes_nothing_the_second_time(
    database_url: str,
) -> None:
    before = tables_of(database_url)

    migrations.upgrade(database_url)

    assert tables_of(database_url) == before


def test_a_database_without_migrations_is_known_to_be_behind(
    unmigrated_database_url: str, database_url: str
) -> None:
    assert is_current(unmigrated_database_url) is False
    assert is_current(database_url) is True


def tables_of(url: str) -> set[str]:
    engine = create_engine(synchronous(url), poolclass=NullPool)
    return set(inspect(engine).get_table_names())


def is_current(url: str) -> bool:
    engine = create_engine(synchronous(url), poolclass=NullPool)
    with engine.connect() as connection:
        return migrations.is_current(connection)


def synchronous(url: str) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername="sqlite")
    return parsed.render_as_string(hide_password=False)


def test_the_newest_script_is_the_head_of_the_chain() -> None:
    chain = ScriptDirectory(str(Path(admit.__file__).parent / "migrations"))

    assert chain.get_heads() == [migrations.head()]
