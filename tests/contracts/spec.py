"""An OpenAPI document in the shape of Stripe's spec3.json, opened for questions."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
VERBS = ("get", "post", "delete", "put", "patch")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Operation:
    """One call of the API: verb, path template, and what the document says of it."""

    method: str
    path: str
    definition: Schema

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Spec:
    """`lenient_enums`: a new value of an open enum is only a warning (for Stripe's own traffic)."""

    def __init__(self, document: Schema, *, lenient_enums: bool = False) -> None:
        self.lenient_enums = lenient_enums
        self.schemas: Schema = document["components"]["schemas"]
        self.version: str = document["info"]["version"]
        self.events: Schema = document.get("x-stripeEvents", {})
        self._by_object: dict[str, str] = {}
        for name, schema in self.schemas.items():
            if "x-resourceId" in schema:
                self._by_object.setdefault(schema["x-resourceId"], name)
        self._routes = _routes(document["paths"])

    @classmethod
    def load(cls, path: Path, *, lenient_enums: bool = False) -> "Spec":
        return cls(json.loads(path.read_text(encoding="utf-8")), lenient_enums=lenient_enums)

    def operations(self) -> list[Operation]:
        return [operation for routes in self._routes.values() for _, operation in routes]

    def match(self, method: str, path: str) -> Operation | None:
        for pattern, operation in self._routes.get(method.upper(), ()):
            if pattern.fullmatch(path):
                return operation
        return None

    def resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def object_schema(self, name: str) -> Schema | None:
        """The shape of what calls itself `name` in its field `object`."""
        found = self._by_object.get(name)
        return None if found is None else {"$ref": f"#/components/schemas/{found}"}

    def event_schema(self, event_type: str | None, carried: str | None) -> Schema | None:
        """Of the object in an event; by that object's own name where the type is unknown."""
        found: Schema | None = self.events.get(event_type or "")
        if found is not None:
            return found
        return self.object_schema(carried) if carried else None

    def request_schema(self, operation: Operation) -> Schema:
        """Body and query as one object: Stripe reads them as one."""
        body = self._body_schema(operation.definition)
        properties = dict(body.get("properties", {}))
        required = list(body.get("required", []))
        for parameter in operation.definition.get("parameters", []):
            if parameter["in"] == "query":
                properties[parameter["name"]] = parameter["schema"]
                required += [parameter["name"]] if parameter.get("required") else []
        return {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def response_schema(self, operation: Operation, status: int) -> Schema:
        if not 200 <= status < 300:
            return {"$ref": "#/components/schemas/error"}
        answer = operation.definition["responses"]["200"]
        schema: Schema = answer["content"]["application/json"]["schema"]
        return schema

    def _body_schema(self, definition: Schema) -> Schema:
        content = definition.get("requestBody", {}).get("content", {})
        for form_type in FORM_TYPES:
            if form_type in content:
                return self.resolve(content[form_type].get("schema", {}))
        return {}


Route = tuple[re.Pattern[str], Operation]


def _routes(paths: Schema) -> dict[str, list[Route]]:
    """By verb, templates with more literal steps first: `/upcoming` before `/{id}`."""
    routes: dict[str, list[Route]] = defaultdict(list)
    for path in sorted(paths, key=_literal_steps, reverse=True):
        for verb in VERBS:
            if verb in paths[path]:
                operation = Operation(verb.upper(), path, paths[path][verb])
                routes[operation.method].append((_pattern(path), operation))
    return dict(routes)


def _literal_steps(path: str) -> int:
    return sum(not step.startswith("{") for step in path.split("/"))


def _pattern(path: str) -> re.Pattern[str]:
    steps = ("[^/]+" if step.startswith("{") else re.escape(step) for step in path.split("/"))
    return re.compile("/".join(steps))
