"""Which commits of this process end what a snapshot says, found by what they wrote.

The tables are watched, so that no sign-out, deactivation or grant can forget to tell.
"""

from typing import Any, Final

from sqlalchemy import BinaryExpression, BindParameter, BooleanClauseList, Delete, Update, event
from sqlalchemy.orm import ORMExecuteState, Session, attributes
from sqlalchemy.sql import operators

from admit.access.models import FeatureRow, GrantRow
from admit.access.snapshots import EVERYBODY, Snapshots
from admit.accounts.api_keys.models import ApiKey
from admit.accounts.models import User
from admit.accounts.sessions.models import Session as SignedIn
from admit.core.db import Base, Database

CONCERNED: Final = "access.concerned"
NAMES_WHOM: Final = frozenset({"user_id", "token_hash"})


def forget_after_commits(database: Database, snapshots: Snapshots) -> None:
    kind = database.write_session

    @event.listens_for(kind, "after_flush")
    def note_rows(session: Session, _context: object) -> None:
        for row in {*session.new, *session.dirty, *session.deleted}:
            _concern(session, people_of(row))

    @event.listens_for(kind, "do_orm_execute")
    def note_statements(state: ORMExecuteState) -> None:
        if isinstance(state.statement, Update | Delete) and state.bind_mapper is not None:
            _concern(state.session, people_of_statement(state.statement, state.bind_mapper.class_))

    @event.listens_for(kind, "after_commit")
    def forget(session: Session) -> None:
        if not session.in_nested_transaction():
            snapshots.forget(session.info.pop(CONCERNED, set()))


def people_of(row: object) -> set[str]:
    match row:
        case User():
            return {row.id}
        case SignedIn() | GrantRow() | ApiKey():
            return {row.user_id, *attributes.get_history(row, "user_id").deleted}
        case FeatureRow():
            return {EVERYBODY}
        case _:
            return set()


def people_of_statement(statement: Update | Delete, table: type[Base]) -> set[str]:
    """Rows that are changed unseen do not say whose they are, unless the condition does."""
    if table in (SignedIn, ApiKey) and isinstance(statement, Update) and not ends_token(statement):
        # Only notes its use, once a minute for everybody who is here.
        return set()
    if table in (User, SignedIn, ApiKey, GrantRow, FeatureRow):
        return {named_in(statement.whereclause)}
    return set()


def ends_token(statement: Update) -> bool:
    """A session that goes on under a new token is no longer known by the old one."""
    return "token_hash" in statement.compile().params


def named_in(condition: Any) -> str:
    """The user, or the session, that a condition names by comparison; else everybody."""
    parts = condition.clauses if is_conjunction(condition) else (condition,)
    for part in parts:
        if (
            isinstance(part, BinaryExpression)
            and part.operator is operators.eq
            and isinstance(part.right, BindParameter)
            and getattr(part.left, "name", None) in NAMES_WHOM
        ):
            return str(part.right.value)
    return EVERYBODY


def is_conjunction(condition: Any) -> bool:
    """What else must hold, too, only makes them fewer."""
    return isinstance(condition, BooleanClauseList) and condition.operator is operators.and_


def _concern(session: Session, names: set[str]) -> None:
    session.info.setdefault(CONCERNED, set()).update(names)
