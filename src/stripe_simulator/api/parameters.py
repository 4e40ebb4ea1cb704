"""What a call takes: names, types, and the errors Stripe answers with otherwise.

A type is a function of the decoded value and its path; it returns the parsed value or raises.
An empty string unsets: it becomes None where that is allowed.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from stripe_simulator.errors import (
    StripeError,
    invalid,
    missing_parameter,
    unknown_parameter,
    unsupported_parameter,
)
from stripe_simulator.shapes import Json

Type = Callable[[Any, str], Any]
LATEST = 221_845_392_000
"""The year 9000: room enough before calendars end."""
MOST_QUANTITY, MOST_AMOUNT, LONGEST_TRIAL = 999_999, 99_999_999, 730
WHOLE = re.compile(r"-?\d{1,15}$")
LONGEST_TEXT = 5000


def parse(given: Any, fields: Mapping[str, Type], required: frozenset[str], path: str = "") -> Json:
    """Every given parameter, typed; unknown and missing ones are refused by name."""
    if not isinstance(given, dict):
        raise invalid("Invalid object", param=path, code="parameter_invalid_object")
    parsed = {}
    for name, value in given.items():
        inner = f"{path}[{name}]" if path else name
        if name not in fields:
            raise unknown_parameter(inner)
        parsed[name] = fields[name](value, inner)
    for name in sorted(required):
        if name not in given:
            raise missing_parameter(f"{path}[{name}]" if path else name)
        if given[name] == "":
            raise empty(f"{path}[{name}]" if path else name)
    return parsed


def empty(path: str) -> StripeError:
    return invalid(
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset"
        f" a parameter; however '{path}' cannot be unset. You should remove '{path}' from your"
        " request or supply a non-empty value.",
        param=path,
        code="parameter_invalid_empty",
    )


def text(value: Any, path: str) -> str | None:
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {value}", param=path, code="parameter_invalid_string")
    if len(value) > LONGEST_TEXT:
        message = f"Invalid string: must be at most {LONGEST_TEXT} characters"
        raise invalid(message, param=path, code="parameter_invalid_string")
    return value or None


def filled(value: Any, path: str) -> str:
    """Text that cannot be unset."""
    parsed = text(value, path)
    if parsed is None:
        raise empty(path)
    return parsed


def url(value: Any, path: str) -> str:
    address = filled(value, path)
    try:
        parts = urlsplit(address)
    except ValueError:
        raise invalid("Not a valid URL", param=path, code="url_invalid") from None
    if not (parts.scheme and parts.netloc):
        raise invalid("Not a valid URL", param=path, code="url_invalid")
    return address


def email(value: Any, path: str) -> str | None:
    address = text(value, path)
    if address is not None and ("@" not in address or len(address) > 512 or " " in address):
        raise invalid(f"Invalid email address: {address}", param=path, code="email_invalid")
    return address


def whole(value: Any, path: str) -> int:
    if not isinstance(value, str) or not WHOLE.match(value):
        raise invalid(f"Invalid integer: {value}", param=path, code="parameter_invalid_integer")
    return int(value)


def between(lowest: int, highest: int) -> Type:
    def bounded(value: Any, path: str) -> int:
        number = whole(value, path)
        if number < lowest:
            message = f"This value must be greater than or equal to {lowest}."
            raise invalid(message, param=path, code="parameter_invalid_integer")
        if number > highest:
            message = f"This value must be less than or equal to {highest}."
            raise invalid(message, param=path, code="parameter_invalid_integer")
        return number

    return bounded


def moment(value: Any, path: str) -> int:
    """Unix seconds."""
    return int(between(0, LATEST)(value, path))


def now_or_moment(value: Any, path: str) -> int | str:
    return "now" if value == "now" else moment(value, path)


def decimal(value: Any, path: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"Invalid decimal: {value}", param=path) from None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -12 or abs(number) > 10**12:
        raise invalid(f"Invalid decimal: {value}", param=path)
    return number


def boolean(value: Any, path: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param=path)
    return bool(value == "true")


def choice(*values: str) -> Type:
    def chosen(value: Any, path: str) -> str | None:
        if value not in values:
            names = ", ".join(values[:-1])
            listed = f"{names}, or {values[-1]}" if names else values[-1]
            raise invalid(f"Invalid {path}: must be one of {listed}", param=path)
        return str(value) or None

    return chosen


def array(of: Type, *, unset: bool = False) -> Type:
    """With `unset` an empty string stands for an empty list."""

    def parsed(value: Any, path: str) -> list[Any]:
        if value == "" and unset:
            return []
        if not isinstance(value, list):
            raise invalid("Invalid array", param=path, code="parameter_invalid_array")
        return [of(entry, f"{path}[{index}]") for index, entry in enumerate(value)]

    return parsed


def hash_of(
    fields: Mapping[str, Type], *, required: tuple[str, ...] = (), unset: bool = False
) -> Type:
    """A nested object; with `unset` an empty string removes it."""
    names = frozenset(required)

    def parsed(value: Any, path: str) -> Json | None:
        if value == "" and unset:
            return None
        return parse(value, fields, names, path)

    return parsed


def metadata(value: Any, path: str) -> dict[str, str]:
    """At most 50 keys of 40 characters, values of 500; `""` as a whole clears everything."""
    if value == "":
        return {CLEAR: ""}
    if isinstance(value, list):
        value = {str(index): entry for index, entry in enumerate(value)}
    if not isinstance(value, dict) or any(not isinstance(entry, str) for entry in value.values()):
        raise invalid("Invalid metadata: values must be strings", param=path)
    for key, entry in value.items():
        if len(key) > 40 or len(entry) > 500:
            message = "Metadata keys have at most 40 characters and values at most 500."
            raise invalid(message, param=f"{path}[{key}]")
    if len(value) > 50:
        raise invalid("Metadata can have up to 50 keys.", param=path)
    return value


CLEAR = ""
"""A metadata key that nobody can send by its own: everything goes."""


def new_metadata(given: Json) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != CLEAR and value != ""}


def merged_metadata(old: Mapping[str, str], given: Json) -> dict[str, str]:
    """Given keys replace old ones, and an empty value removes its key."""
    base = {} if CLEAR in given else {k: v for k, v in old.items() if k not in given}
    return base | new_metadata(given)


def unsupported(value: Any, path: str) -> None:
    """A parameter of Stripe's that this simulator does not take yet."""
    del value
    raise unsupported_parameter(path)


def created_range(value: Any, path: str) -> dict[str, int]:
    if isinstance(value, str):
        moment = whole(value, path)
        return {"gte": moment, "lte": moment}
    return parse(value, dict.fromkeys(("gt", "gte", "lt", "lte"), whole), frozenset(), path)


EXPAND: Mapping[str, Type] = {"expand": array(filled)}
PAGE: Mapping[str, Type] = {
    "limit": whole,
    "starting_after": text,
    "ending_before": text,
}
CREATED: Mapping[str, Type] = {"created": created_range}
ADDRESS = hash_of(
    dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text), unset=True
)
SHIPPING = hash_of(
    {"address": ADDRESS, "name": text, "phone": text}, required=("address", "name"), unset=True
)
