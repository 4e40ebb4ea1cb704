"""SQLite in a thread, with one visit to the thread a statement.

aiosqlite visits its thread four times for each: to open a cursor, to execute, to fetch and to
close it. A visit wakes two threads, which costs more than most statements do.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, Self

import aiosqlite

Row = tuple[Any, ...]


class Outcome(NamedTuple):
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Row] = ()


class Cursor:
    """What SQLAlchemy's dialect asks of a cursor; fetching and closing are over when it is run."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._take(Outcome())

    @property
    def description(self) -> Any:
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._outcome.lastrowid

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        return self._take(await self._connection.visit(_execute, statement, parameters))

    async def executemany(self, statement: str, parameters: Any) -> Self:
        return self._take(await self._connection.visit(_execute_many, statement, parameters))

    async def fetchone(self) -> Row | None:
        return self._rows.popleft() if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        count = min(size or self.arraysize, len(self._rows))
        return [self._rows.popleft() for _ in range(count)]

    async def fetchall(self) -> list[Row]:
        return await self.fetchmany(len(self._rows))

    async def close(self) -> None:
        self._rows.clear()

    def _take(self, outcome: Outcome) -> Self:
        self._outcome, self._rows = outcome, deque(outcome.rows)
        return self


class Connection(aiosqlite.Connection):
    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def visit(self, work: Callable[..., Outcome], *args: Any) -> Outcome:
        outcome: Outcome = await self._execute(work, self._conn, *args)  # type: ignore[no-untyped-call]
        return outcome


async def connect(database: str, **options: Any) -> Connection:
    """For `create_async_engine(async_creator=…)`."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=1)
    # A connection that nobody closed must not keep the process from ending.
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy's own dialect does
    await connection
    return connection


def _execute(connection: sqlite3.Connection, statement: str, parameters: Any) -> Outcome:
    return _outcome_of(connection.execute(statement, parameters))


def _execute_many(connection: sqlite3.Connection, statement: str, parameters: Any) -> Outcome:
    return _outcome_of(connection.executemany(statement, parameters))


def _outcome_of(cursor: sqlite3.Cursor) -> Outcome:
    # What RETURNING changed is counted when its rows have been fetched.
    rows = cursor.fetchall() if cursor.description else ()
    outcome = Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    cursor.close()
    return outcome
