"""Stripe's form bodies: `a[b][0][c]=1&expand[]=x`."""

import re
from typing import Any
from urllib.parse import parse_qsl


class FormError(ValueError):
    """The form contradicts itself."""


def parse_form(encoded: str) -> dict[str, Any]:
    """`a[b][0][c]=1&expand[]=x` becomes `{"a": {"b": [{"c": "1"}]}, "expand": ["x"]}`.

    Raises `FormError` when a name is given twice, or is both a value and an object.
    """
    root: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        _put(root, name, value)
    return {name: _with_lists(value) for name, value in root.items()}


def _put(root: dict[str, Any], name: str, value: str) -> None:
    head, bracket, rest = name.partition("[")
    steps = [head, *re.findall(r"\[([^\]]*)\]", bracket + rest)]
    here = root
    for step in steps[:-1]:
        inner = here.setdefault(step or str(len(here)), {})
        if not isinstance(inner, dict):
            raise FormError(f"parameter {name!r} is both a value and an object")
        here = inner
    last = steps[-1] or str(len(here))
    if last in here:
        raise FormError(f"parameter {name!r} given twice")
    here[last] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(item) for name, item in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
