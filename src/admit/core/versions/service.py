"""Counts changes as they are flushed, whoever makes them; rows are watched, not callers."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Delete, Insert, Update, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, attributes

from admit.core.db import Database
from admit.core.versions.models import EVERYBODY, ListVersion, Versioned

List = tuple[str, str]
"""Kind and scope."""


async def numbers_of(db: AsyncSession, scopes: Collection[str]) -> Mapping[str, int]:
    """For each kind that ever changed: the changes of these scopes' lists, and of everybody's."""
    rows = await db.execute(
        select(ListVersion.kind, func.sum(ListVersion.number))
        .where(ListVersion.scope.in_({EVERYBODY, *scopes}))
        .group_by(ListVersion.kind)
        .order_by(ListVersion.kind)
    )
    return {kind: int(number) for kind, number in rows}


async def number_of(db: AsyncSession, kinds: Collection[str], scopes: Collection[str]) -> int:
    """One number that grows with each change of any of these lists."""
    total = await db.scalar(
        select(func.sum(ListVersion.number)).where(
            ListVersion.kind.in_(kinds), ListVersion.scope.in_({EVERYBODY, *scopes})
        )
    )
    return int(total or 0)


def count_changes_of(database: Database) -> None:
    """From now on every write session of this database counts."""

    @event.listens_for(database.write_session, "after_flush")
    def count_rows(session: Session, _context: object) -> None:
        rows = {*session.new, *session.dirty, *session.deleted}
        _count(session, {changed for row in rows for changed in lists_of(session, row)})

    @event.listens_for(database.write_session, "do_orm_execute")
    def count_statements(state: ORMExecuteState) -> None:
        """What a statement changes unseen may be anybody's."""
        table = state.bind_mapper.class_ if state.bind_mapper else None
        writes = isinstance(state.statement, Insert | Update | Delete)
        if writes and table is not None and issubclass(table, Versioned):
            _count(state.session, {(table.version_kind, EVERYBODY)})


def lists_of(session: Session, row: object) -> Iterator[List]:
    """Those that show the row otherwise than before; two when it went from one to another."""
    if not isinstance(row, Versioned) or not _is_seen_to_change(session, row):
        return
    if row.version_scope is None:
        yield (row.version_kind, EVERYBODY)
        return
    yield (row.version_kind, getattr(row, row.version_scope))
    for before in attributes.get_history(row, row.version_scope).deleted or ():
        yield (row.version_kind, before)


def _is_seen_to_change(session: Session, row: Versioned) -> bool:
    if row in session.new or row in session.deleted:
        return True
    state: Any = attributes.instance_state(row)
    return any(
        attributes.get_history(row, name).has_changes()
        for name in state.mapper.columns.keys()  # noqa: SIM118 - columns, not their names
        if name not in row.version_ignores
    )


def _count(session: Session, lists: Collection[List]) -> None:
    if not lists:
        return
    rows = [{"kind": kind, "scope": scope, "number": 1} for kind, scope in sorted(lists)]
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(ListVersion).on_conflict_do_update(
        index_elements=["kind", "scope"], set_={"number": ListVersion.number + 1}
    )
    session.connection().execute(statement, rows)
