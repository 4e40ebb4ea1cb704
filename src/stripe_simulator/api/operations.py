"""One operation of the API: where it is, what it takes, what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stripe_simulator.api.parameters import EXPAND, PAGE, Type, filled, text
from stripe_simulator.shapes import Json

Handler = Callable[..., Json]
"""`handler(tx, params, *ids)`: a stored object or a list; what is shown is a copy of it."""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    handler: Handler
    fields: Mapping[str, Type]
    required: frozenset[str] = field(default_factory=frozenset)


def get(path: str, handler: Handler) -> Operation:
    return Operation("GET", path, handler, EXPAND)


def listing(path: str, handler: Handler, /, *required: str, **fields: Type) -> Operation:
    """A filter that is given is never empty: an empty customer must not list everyone's."""
    strict = {name: filled if of is text else of for name, of in {**PAGE, **fields}.items()}
    return Operation("GET", path, handler, {**EXPAND, **strict}, frozenset(required))


def post(
    path: str, handler: Handler, fields: Mapping[str, Type] | None = None, *required: str
) -> Operation:
    return Operation("POST", path, handler, {**EXPAND, **(fields or {})}, frozenset(required))


def delete(path: str, handler: Handler, fields: Mapping[str, Type] | None = None) -> Operation:
    return Operation("DELETE", path, handler, fields or {})


def names(of: Type, *parameters: str) -> dict[str, Type]:
    """The same type for several parameters."""
    return dict.fromkeys(parameters, of)
