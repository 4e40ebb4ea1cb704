"""Stripe's search language (docs.stripe.com/search), for one object at a time. Pure.

`email:'ada@example.com' AND metadata['user']:'7'`, `name~'lov'`, `-phone:null`,
`created>1700000000`;
AND or OR, not both; numbers compare, text is matched without regard to case.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json

CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z][a-z0-9_.]*)(?:\[(?P<kq>['"])(?P<key>[^'"]*)(?P=kq)\])?"""
    r"""\s*(?P<op>:|~|<=|>=|<|>)\s*"""
    r"""(?:(?P<q>['"])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)|(?P<bare>null|-?\d+))\s*"""
)
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def matcher(query: str, fields: Sequence[str]) -> Callable[[Json], bool]:
    """Errors: 400 for a query that cannot be read, or a field that cannot be searched."""
    clauses, joins, at = [], [], 0
    while True:
        found = CLAUSE.match(query, at)
        if found is None:
            raise unreadable(query)
        clauses.append(clause(found, fields))
        at = found.end()
        if at == len(query):
            break
        join = re.compile(r"(AND|OR)\b", re.IGNORECASE).match(query, at)
        if join is None:
            raise unreadable(query)
        joins.append(join.group(1).upper())
        at = join.end()
    if len(set(joins)) > 1:
        raise invalid("You cannot combine AND and OR in one query.", param="query")
    every = any if joins[:1] == ["OR"] else all
    return lambda obj: every(one(obj) for one in clauses)


def unreadable(query: str) -> Exception:
    return invalid(f"We were unable to parse your search query: {query}", param="query")


def clause(found: re.Match[str], fields: Sequence[str]) -> Callable[[Json], bool]:
    name, key, op = found["field"], found["key"], found["op"]
    if name not in fields:
        raise invalid(f"Field `{name}` is an unsupported search field.", param="query")
    quoted = found["text"]
    wanted = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found["bare"]
    if op in COMPARE and not wanted.lstrip("-").isdecimal():
        raise unreadable(found.string)

    def holds(obj: Json) -> bool:
        value = value_of(obj, name, key)
        if quoted is None and wanted == "null":
            return value is None
        return compares(value, op, wanted)

    return (lambda obj: not holds(obj)) if found["not"] else holds


def value_of(obj: Json, name: str, key: str | None) -> Any:
    value: Any = obj
    for step in [*name.split("."), *([key] if key is not None else [])]:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def compares(value: Any, op: str, wanted: str) -> bool:
    if value is None:
        return False
    if op in COMPARE:
        return isinstance(value, int) and COMPARE[op](value, int(wanted))
    text = str(value).lower()
    return wanted.lower() in text if op == "~" else text == wanted.lower()
