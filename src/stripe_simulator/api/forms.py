"""Form bodies and query strings with nested and indexed keys."""

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe_simulator.errors import invalid

PART = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """`a[b][0][c]=1&expand[]=x` becomes `{"a": {"b": [{"c": "1"}]}, "expand": ["x"]}`."""
    root: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        place(root, path_of(key), value, key)
    return {name: with_lists(member) for name, member in root.items()}


def path_of(key: str) -> list[str]:
    head, bracket, rest = key.partition("[")
    return [head, *PART.findall(bracket + rest)]


def place(root: dict[str, Any], path: list[str], value: str, key: str) -> None:
    node = root
    for part in path[:-1]:
        node = node.setdefault(part or str(len(node)), {})
        if not isinstance(node, dict):
            raise invalid(f"Invalid request: {key} is both a value and a hash", param=key)
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise invalid(f"Invalid request: {key} is both a value and a hash", param=key)
    node[last] = value


def with_lists(value: Any) -> Any:
    """Hashes whose keys are all numbers are lists in the order of these numbers."""
    if not isinstance(value, dict):
        return value
    members = {key: with_lists(member) for key, member in value.items()}
    if members and all(key.isdecimal() for key in members):
        return [members[key] for key in sorted(members, key=int)]
    return members
