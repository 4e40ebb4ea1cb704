"""Is this an answer, or an event, that Stripe would give?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.contracts.spec import Operation, Schema, Spec
from tests.contracts.violations import Severity, Violation, errors_in

DEEPEST = 40
CARRIED = "data.object"
SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
ENVELOPE: dict[str, type] = {
    "id": str,
    "type": str,
    "created": int,
    "livemode": bool,
    "pending_webhooks": int,
    "data": dict,
}


def check_response(
    spec: Spec, operation: Operation, status: int, body: Any, parameters: Any = None
) -> list[Violation]:
    """`body`: the parsed JSON, anything else when it was none."""
    if not isinstance(body, dict):
        return [_wrong("not_json", "", f"HTTP {status} without a JSON object")]
    found = list(check_value(spec, spec.response_schema(operation, status), body))
    if status < 300:
        found += _check_expansions(body, parameters or {})
    return found


def check_event(spec: Spec, event: dict[str, Any]) -> list[Violation]:
    """`event`: the parsed JSON of one webhook delivery, or one row of `/v1/events`."""
    found = list(_check_envelope(spec, event))
    data = event.get("data")
    carried = data.get("object") if isinstance(data, dict) else None
    if not isinstance(carried, dict):
        return [*found, _event("missing_field", CARRIED, "no object")]
    found += _check_carried(spec, event.get("type"), carried)
    return [replace(violation, where="event") for violation in found]


def check_value(
    spec: Spec, schema: Schema, value: Any, path: str = "", depth: int = 0
) -> Iterator[Violation]:
    nullable = schema.get("nullable", False)
    schema = spec.resolve(schema)
    if not schema or depth > DEEPEST:
        return
    if value is None:
        if not (nullable or schema.get("nullable", False)):
            yield _wrong("null", path, "null where the spec allows none")
    elif "anyOf" in schema:
        yield from _check_alternatives(spec, schema["anyOf"], value, path, depth)
    elif schema.get("type") == "object":
        yield from _check_object(spec, schema, value, path, depth)
    elif schema.get("type") == "array":
        yield from _check_array(spec, schema, value, path, depth)
    else:
        yield from _check_scalar(spec, schema, value, path)


def _check_alternatives(
    spec: Spec, alternatives: list[Schema], value: Any, path: str, depth: int
) -> list[Violation]:
    """The complaints of the alternative with the fewest."""
    if isinstance(value, dict):
        if value.get("object") == "event":
            return [found.below(path) for found in check_event(spec, value)]
        alternatives = _candidates(spec, alternatives, value)
    nearest: list[Violation] | None = None
    for alternative in alternatives:
        found = list(check_value(spec, alternative, value, path, depth + 1))
        if not found:
            return []
        if nearest is None or _badness(found) < _badness(nearest):
            nearest = found
    return nearest or []


def _badness(found: list[Violation]) -> tuple[int, int]:
    return len(errors_in(found)), len(found)


def _candidates(spec: Spec, alternatives: list[Schema], value: dict[str, Any]) -> list[Schema]:
    """The alternatives for objects; of those, the ones for what `value` calls itself."""
    resolved = [(schema, spec.resolve(schema)) for schema in alternatives]
    objects = [pair for pair in resolved if pair[1].get("type") == "object" or "anyOf" in pair[1]]
    named = [pair for pair in objects if value.get("object") in _object_names(pair[1])]
    deleted = bool(value.get("deleted"))
    exact = [pair for pair in named if ("deleted" in pair[1].get("required", [])) == deleted]
    return [schema for schema, _ in exact or named or objects or resolved]


def _object_names(schema: Schema) -> list[str]:
    names: list[str] = schema.get("properties", {}).get("object", {}).get("enum", [])
    return names


def _check_object(
    spec: Spec, schema: Schema, value: Any, path: str, depth: int
) -> Iterator[Violation]:
    if not isinstance(value, dict):
        yield _wrong("type", path, f"expected an object, got {type(value).__name__}")
        return
    if schema.get("x-resourceId") == "event":
        yield from (found.below(path) for found in check_event(spec, value))
        return
    properties = schema.get("properties", {})
    more = schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield _wrong("missing_field", _inside(path, name), "required by the spec")
    for name, item in value.items():
        here = _inside(path, name)
        if name in properties:
            yield from check_value(spec, properties[name], item, here, depth + 1)
        elif isinstance(more, dict):
            yield from check_value(spec, more, item, here, depth + 1)
        elif properties:
            yield _wrong("unknown_field", here, "not in the spec for this object", "warn")


def _check_array(
    spec: Spec, schema: Schema, value: Any, path: str, depth: int
) -> Iterator[Violation]:
    if not isinstance(value, list):
        yield _wrong("type", path, f"expected an array, got {type(value).__name__}")
        return
    for index, item in enumerate(value):
        yield from check_value(spec, schema.get("items", {}), item, f"{path}[{index}]", depth + 1)


def _check_scalar(spec: Spec, schema: Schema, value: Any, path: str) -> Iterator[Violation]:
    kind = str(schema.get("type"))
    if kind not in SCALARS:
        return
    if not isinstance(value, SCALARS[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield _wrong("type", path, f"expected a {kind}, got {value!r}")
    elif kind in ("string", "boolean") and "enum" in schema and value not in schema["enum"]:
        open_enum = spec.lenient_enums and "x-stripeBypassValidation" in schema
        message = f"{value!r} is not one of {schema['enum'][:12]}"
        yield _wrong("enum", path, message, "warn" if open_enum else "error")
    elif "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield _wrong("pattern", path, f"{value!r} does not match {schema['pattern']}")


def _check_expansions(body: dict[str, Any], parameters: Any) -> Iterator[Violation]:
    asked = parameters.get("expand", []) if isinstance(parameters, dict) else []
    for path in asked if isinstance(asked, list) else []:
        reached: list[Any] = [body]
        for step in str(path).split("."):
            inner = [node.get(step) for node in reached if isinstance(node, dict)]
            reached = [
                x for found in inner for x in (found if isinstance(found, list) else [found])
            ]
        if any(isinstance(node, str) for node in reached):
            yield _wrong("not_expanded", path, "expand was asked for, an id came back")


def _check_envelope(spec: Spec, event: dict[str, Any]) -> Iterator[Violation]:
    for name, kind in ENVELOPE.items():
        if not isinstance(event.get(name), kind):
            problem = "type" if name in event else "missing_field"
            yield _event(problem, name, f"an event needs {name}: {kind.__name__}")
    if event.get("object") != "event":
        yield _event("enum", "object", f"{event.get('object')!r} is not 'event'")
    if "request" not in event:
        yield _event("missing_field", "request", "an event has request (it may be null)")
    version = event.get("api_version")
    if version != spec.version:
        message = f"{version} against a spec of {spec.version}"
        yield _event("api_version", "api_version", message, "warn")


def _check_carried(spec: Spec, kind: Any, carried: dict[str, Any]) -> Iterator[Violation]:
    if spec.events and kind not in spec.events:
        yield _event("event_type", "type", f"{kind!r} is not an event type of the spec")
    schema = spec.event_schema(kind, carried.get("object"))
    if schema is None:
        return
    for found in check_value(spec, schema, carried, CARRIED):
        preview = str(kind).endswith(".upcoming") and found.path == f"{CARRIED}.id"
        if not (preview and found.kind == "missing_field"):
            yield found
    names = _object_names(spec.resolve(schema))
    if names and carried.get("object") not in names:
        message = f"{kind} carries {carried.get('object')!r}, expected {names}"
        yield _event("event_object", CARRIED, message)


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}".lstrip(".")


def _wrong(kind: str, path: str, message: str, severity: Severity = "error") -> Violation:
    return Violation("response", kind, path, message[:200], severity)


def _event(kind: str, path: str, message: str, severity: Severity = "error") -> Violation:
    return Violation("event", kind, path, message[:200], severity)
