"""The same database again, as it was, at the same address: for cases by the hundred.

Whoever holds an engine of that address keeps it, and with it every statement compiled so far; its
connections have to be closed before.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

import admit.models  # noqa: F401 - every table
from admit.core.db import Base


class Original(Protocol):
    def restore(self) -> None: ...


@dataclass(frozen=True)
class SqliteOriginal:
    path: Path
    kept: Path

    def restore(self) -> None:
        for file in self.path.parent.glob(f"{self.path.name}-*"):
            file.unlink()
        shutil.copy(self.kept, self.path)


@dataclass(frozen=True)
class PostgresqlOriginal:
    """Rows and not files: a new database costs a server more than all that a case does in it."""

    url: str
    tables: tuple[str, ...]

    def restore(self) -> None:
        with psycopg.connect(self.url) as connection:
            # Foreign keys are checked by triggers, which a replica does not run.
            connection.execute("SET session_replication_role = replica")
            for table in self.tables:
                connection.execute(statement("DELETE FROM {table}", table))
                connection.execute(statement("INSERT INTO {table} TABLE kept.{table}", table))

    def keep(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("CREATE SCHEMA kept")
            for table in self.tables:
                connection.execute(statement("CREATE TABLE kept.{table} AS TABLE {table}", table))


def statement(text: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(text).format(table=sql.Identifier(table))


def keep_original(url: str) -> Original:
    """Of the database as it is now; it ends with the database itself."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        path = Path(str(parts.database))
        shutil.copy(path, path.with_suffix(".original"))
        return SqliteOriginal(path, path.with_suffix(".original"))
    plain = parts.set(drivername="postgresql").render_as_string(hide_password=False)
    original = PostgresqlOriginal(plain, tuple(Base.metadata.tables))
    original.keep()
    return original
