"""Is this a request that Stripe would take?"""

import re
from collections.abc import Iterator
from typing import Any

from tests.contracts.spec import Operation, Schema, Spec
from tests.contracts.violations import Violation

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
INTEGER = re.compile(r"-?\d+")


def check_request(spec: Spec, operation: Operation, parameters: Any) -> list[Violation]:
    """`parameters`: as `parse_form` gives them, from query and body together."""
    return list(_check(spec, spec.request_schema(operation), parameters, ""))


def _check(spec: Spec, schema: Schema, value: Any, path: str) -> Iterator[Violation]:
    schema = spec.resolve(schema)
    if not schema:
        return
    if "anyOf" in schema:
        yield from _check_alternatives(spec, schema["anyOf"], value, path)
    elif schema.get("type") == "object":
        yield from _check_object(spec, schema, value, path)
    elif schema.get("type") == "array":
        yield from _check_array(spec, schema, value, path)
    else:
        yield from _check_scalar(schema, value, path)


def _check_alternatives(
    spec: Spec, alternatives: list[Schema], value: Any, path: str
) -> list[Violation]:
    """Of those that fail, the complaints of the one that comes closest in kind are given."""
    nearest: tuple[tuple[bool, int], list[Violation]] | None = None
    for alternative in alternatives:
        found = list(_check(spec, alternative, value, path))
        if not found:
            return []
        container = spec.resolve(alternative).get("type") in ("object", "array")
        distance = (isinstance(value, dict | list) != container, len(found))
        if nearest is None or distance < nearest[0]:
            nearest = (distance, found)
    return nearest[1] if nearest else []


def _check_object(spec: Spec, schema: Schema, value: Any, path: str) -> Iterator[Violation]:
    if value == "":  # it unsets an object only where the spec says so, by an enum of ""
        yield _wrong("type", path, "empty string for an object")
        return
    if isinstance(value, list):
        value = {str(index): item for index, item in enumerate(value)}
    if not isinstance(value, dict):
        yield _wrong("type", path, f"expected an object, got {value!r}")
        return
    properties = schema.get("properties", {})
    more = schema.get("additionalProperties", False if properties else None)
    for name, item in value.items():
        here = _inside(path, name)
        if name in properties:
            yield from _check(spec, properties[name], item, here)
        elif isinstance(more, dict):
            yield from _check(spec, more, item, here)
        elif more is False:
            yield _wrong("unknown_param", here, "not a parameter of this call")
    for name in schema.get("required", []):
        if name not in value:
            yield _wrong("missing_param", _inside(path, name), "required")


def _check_array(spec: Spec, schema: Schema, value: Any, path: str) -> Iterator[Violation]:
    if not isinstance(value, list):
        yield _wrong("type", path, f"expected an array, got {value!r}")
        return
    for index, item in enumerate(value):
        yield from _check(spec, schema.get("items", {}), item, f"{path}[{index}]")


def _check_scalar(schema: Schema, value: Any, path: str) -> Iterator[Violation]:
    kind = schema.get("type")
    if isinstance(value, dict | list):
        found = "an object" if isinstance(value, dict) else "an array"
        yield _wrong("type", path, f"expected {kind}, got {found}")
    elif kind == "string" and "enum" in schema and value not in schema["enum"]:
        yield _wrong("enum", path, f"{value!r} is not one of {schema['enum'][:12]}")
    elif kind == "integer" and not INTEGER.fullmatch(value):
        yield _wrong("type", path, f"{value!r} is not an integer")
    elif kind == "number" and not NUMBER.fullmatch(value):
        yield _wrong("type", path, f"{value!r} is not a number")
    elif kind == "boolean" and value not in ("true", "false"):
        yield _wrong("type", path, f"{value!r} is not true or false")
    elif "maxLength" in schema and len(value) > schema["maxLength"]:
        yield _wrong("length", path, f"longer than {schema['maxLength']}")
    elif schema.get("format") == "decimal" and not NUMBER.fullmatch(value):
        yield _wrong("type", path, f"{value!r} is not a decimal")


def _inside(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _wrong(kind: str, path: str, message: str) -> Violation:
    return Violation("request", kind, path, message[:200])
