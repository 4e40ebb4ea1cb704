"""The database: who may read, who may write, and when a transaction ends.

Reads and writes are two kinds of session. On SQLite the writes of a process pass one fair gate,
a pool of one connection whose waiters are served in turn: immediate transactions on every
request made readers fail and the slowest writers wait a second in SQLite's busy handler.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from admit.core import sqlite
from admit.core.config import Settings
from admit.core.faults import CrashPoints

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times only: a naive one is an error here, not a wrong hour later."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without its zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    # Whole numbers have 64 bits: amounts, seconds and counters outgrow 32.
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own name
        datetime: UtcDateTime,
        int: BigInteger().with_variant(Integer(), "sqlite"),
    }


ReactionNames = Mapping[str, Sequence[str]]
"""Which reactions each kind of event wakes; gathered by the doors, empty for a bare database."""


class Bell:
    """Wakes whoever listens in this process; carries nothing."""

    def __init__(self) -> None:
        self._listeners: list[asyncio.Event] = []

    def listen(self) -> asyncio.Event:
        """Set at each ring; whoever listens clears it before looking for work."""
        listener = asyncio.Event()
        self._listeners.append(listener)
        return listener

    def ring(self) -> None:
        for listener in self._listeners:
            listener.set()


class Database:
    """The engines of one process. `reactions` is what `core.events.record` plans for an event."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        busy_seconds: float = 5.0,
        reactions: ReactionNames | None = None,
        crash_points: CrashPoints | None = None,
    ) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.bell = Bell()
        self._crash_points = crash_points or CrashPoints()
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, busy_seconds, begin="BEGIN IMMEDIATE", pool_size=1)
            self.reader = _sqlite_engine(url, busy_seconds, begin="BEGIN", pool_size=pool_size)
        else:
            self.writer = _postgresql_engine(url, busy_seconds, pool_size=pool_size)
            self.reader = self.writer.execution_options(postgresql_readonly=True)
        self.write_session: type[Session] = type("WriteSession", (Session,), {})
        """The kind of this database's write sessions: what SQLAlchemy's events listen to."""
        self._writers = async_sessionmaker(
            self.writer,
            sync_session_class=self.write_session,
            expire_on_commit=False,
            info={"reactions": dict(reactions or {})},
        )
        self._readers = async_sessionmaker(self.reader, expire_on_commit=False, autoflush=False)

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        reactions: ReactionNames | None = None,
        crash_points: CrashPoints | None = None,
    ) -> "Database":
        return cls(
            settings.async_database_url,
            pool_size=settings.database_pool_size,
            busy_seconds=settings.database_busy_seconds,
            reactions=reactions,
            crash_points=crash_points,
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, undone when it raises."""
        async with self._writers() as session:
            yield session
            await self._commit(session)

    async def _commit(self, session: AsyncSession) -> None:
        if not session.in_transaction():
            return
        await session.flush()
        self._crash_points.before("commit")
        await session.commit()
        self._crash_points.after("commit")
        if session.info.pop("ring", False):
            self.bell.ring()

    async def close(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()


def _postgresql_engine(url: str, busy_seconds: float, *, pool_size: int) -> AsyncEngine:
    """Nobody waits for a lock longer than on SQLite: by default PostgreSQL would wait for ever."""
    patience = f"-c lock_timeout={round(busy_seconds * 1000)}"
    options = make_url(url).query.get("options", "")
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=busy_seconds,
        # An error's text is logged and kept; what was bound may be an address or a hash.
        hide_parameters=True,
        connect_args={"options": f"{options} {patience}"},
    )


def _sqlite_engine(url: str, busy_seconds: float, *, begin: str, pool_size: int) -> AsyncEngine:
    (database,), options = make_url(url).get_dialect()().create_connect_args(make_url(url))
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=busy_seconds,
        # An error's text is logged and kept; what was bound may be an address or a hash.
        hide_parameters=True,
        async_creator=partial(sqlite.connect, database, timeout=busy_seconds, **options),
    )
    read_only = begin == "BEGIN"

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_as_meant(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def database_of(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def open_read(request: Request) -> AsyncIterator[AsyncSession]:
    async with database_of(request).read() as session:
        yield session


async def open_write(request: Request) -> AsyncIterator[AsyncSession]:
    async with database_of(request).write() as session:
        yield session


# Ends before the answer is sent, so that a failing commit is never told as a success.
ReadDb = Annotated[AsyncSession, Depends(open_read, scope="function")]
Db = Annotated[AsyncSession, Depends(open_write, scope="function")]
