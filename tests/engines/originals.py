"""The same database again, as it was: a copy at the same address, for cases by the hundred.

Whoever holds an engine of that address keeps it, and with it every statement compiled so far; its
connections have to be closed before.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url

from tests.engines.databases import create_database, drop_database


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
    server: str
    name: str
    kept: str

    def restore(self) -> None:
        drop_database(self.server, self.name)
        create_database(self.server, self.name, template=self.kept)


@contextmanager
def keep_original(url: str) -> Iterator[Original]:
    """Of the database as it is now; nobody may be connected to it."""
    parts = make_url(url)
    name = str(parts.database)
    if parts.get_backend_name() == "sqlite":
        path = Path(name)
        kept = path.with_suffix(".original")
        shutil.copy(path, kept)
        try:
            yield SqliteOriginal(path, kept)
        finally:
            kept.unlink()
        return
    server = parts.set(database="postgres").render_as_string(hide_password=False)
    original = PostgresqlOriginal(server, name, f"{name}_original")
    create_database(server, original.kept, template=name)
    try:
        yield original
    finally:
        drop_database(server, original.kept)
