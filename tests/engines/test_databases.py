"""The ground the other tests stand on: real engines, and a database that nobody else writes to."""

import sqlite3

import psycopg
from sqlalchemy.engine import make_url

from tests.engines.databases import NewDatabase


def test_a_test_gets_a_migrated_database_of_its_own(database_url: str) -> None:
    assert statements(database_url, "SELECT count(*) FROM alembic_version") == [(1,)]


def test_a_test_that_needs_many_gets_each_one_clean(new_database: NewDatabase) -> None:
    with new_database() as first, new_database() as second:
        statements(first, "CREATE TABLE only_here (id integer)")

        assert tables(first) - tables(second) == {"only_here"}


def test_an_unmigrated_database_holds_no_table(unmigrated_database_url: str) -> None:
    assert tables(unmigrated_database_url) == set()


def tables(url: str) -> set[str]:
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if url.startswith("sqlite")
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return {str(name) for (name,) in statements(url, question)}


def statements(url: str, statement: str) -> list[tuple[object, ...]]:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(url).database))
        rows = connection.execute(statement).fetchall()
        connection.close()
        return rows
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as pg:
        cursor = pg.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []
