"""A fresh database for each test, copied from one that was migrated once for the whole run."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.engines.postgres import Cluster

NewDatabase = Callable[[], AbstractContextManager[str]]
"""Opens a database for a `with` block and gives its address."""


@dataclass(frozen=True)
class Sqlite:
    run: Path
    directory: Path

    @contextmanager
    def empty(self) -> Iterator[str]:
        path = self.directory / f"{uuid4().hex}.db"
        yield f"sqlite+aiosqlite:///{path}"
        for file in self.directory.glob(f"{path.name}*"):
            file.unlink()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with locked(self.run / "sqlite.lock"):
            template = self._template()
        with self.empty() as url:
            shutil.copy(template, str(make_url(url).database))
            yield url

    def _template(self) -> Path:
        template = self.run / "template.db"
        if not template.exists():
            unfinished = self.run / "unfinished.db"
            migrate(f"sqlite:///{unfinished}")
            connection = sqlite3.connect(unfinished)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            unfinished.rename(template)
        return template


@dataclass(frozen=True)
class Postgresql:
    run: Path

    @contextmanager
    def empty(self) -> Iterator[str]:
        with self._database(template="template0") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        with locked(self.run / "postgresql.lock"):
            template = self._template()
        with self._database(template=template) as url:
            yield url

    @contextmanager
    def _database(self, *, template: str) -> Iterator[str]:
        server = self._server()
        name = f"test_{uuid4().hex}"
        create_database(server, name, template=template)
        yield address(server, name)
        drop_database(server, name)

    def _server(self) -> str:
        """Ours, started when first asked for; `TEST_DATABASE_URL` names one that you run."""
        if given := os.environ.get("TEST_DATABASE_URL"):
            return given
        cluster = Cluster(self.run / "pg")
        with locked(self.run / "server.lock"):
            if not cluster.is_running():
                cluster.start()
        return cluster.url()

    def _template(self) -> str:
        name = f"template_{self.run.name}".replace("-", "_").lower()
        server = self._server()
        noted = self.run / "postgresql.migrated"
        if not noted.exists():
            create_database(server, name, template="template0")
            migrate(address(server, name))
            noted.touch()
        return name

    def forget(self) -> None:
        """Stops our server; from somebody else's it takes the template away."""
        if given := os.environ.get("TEST_DATABASE_URL"):
            if (self.run / "postgresql.migrated").exists():
                drop_database(given, self._template())
            return
        cluster = Cluster(self.run / "pg")
        if cluster.is_running():
            cluster.stop()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process that holds it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """In a process of its own: PostgreSQL copies no template that somebody is connected to."""
    program = "import sys; from admit.core.migrations import upgrade; upgrade(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, url], check=True)


def create_database(server: str, name: str, *, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    execute(server, statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(server: str, name: str) -> None:
    execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def execute(server: str, statement: sql.Composed) -> None:
    url = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def address(server: str, database: str) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)
