"""Reporting usage, and taking a report back."""

from decimal import Decimal, InvalidOperation
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import post
from stripe_simulator.billing import metering
from stripe_simulator.errors import StripeError, invalid, missing_parameter
from stripe_simulator.shapes import DAY, MINUTE, Json
from stripe_simulator.state.transaction import Transaction

OLDEST, EARLIEST = 35 * DAY, 5 * MINUTE
"""How far back and ahead of now an event may lie."""
CANCELABLE_FOR = DAY
LONGEST_IDENTIFIER = 100


def payload(value: Any, path: str) -> dict[str, str]:
    if not isinstance(value, dict) or any(not isinstance(one, str) for one in value.values()):
        raise invalid("Invalid payload: values must be strings", param=path)
    return value


def create(tx: Transaction, params: Json) -> Json:
    """Stripe looks at an event a moment later and reports what is wrong; here it is refused."""
    meter = active_meter(tx, params["event_name"])
    given: dict[str, str] = params["payload"]
    customer = tx.need("customer", given_in(given, meter["customer_mapping"]), param="payload")
    at = params.get("timestamp", tx.now)
    if not tx.now - OLDEST <= at <= tx.now + EARLIEST:
        raise invalid(
            "The timestamp must be within the past 35 days or up to 5 minutes in the future.",
            param="timestamp",
        )
    metering.record(
        tx,
        meter,
        customer=customer["id"],
        value=value_of(meter, given),
        at=at,
        identifier=(identifier := identifier_of(tx, params)),
    )
    return {
        "object": "billing.meter_event",
        "created": tx.now,
        "event_name": params["event_name"],
        "identifier": identifier,
        "livemode": False,
        "payload": given,
        "timestamp": at,
    }


def active_meter(tx: Transaction, event_name: str) -> Json:
    for meter in tx.find("billing.meter", event_name=event_name, status="active"):
        return meter
    raise invalid(f"No active meter found for event name {event_name}.", param="event_name")


def given_in(given: dict[str, str], setting: Json) -> str:
    key = setting["event_payload_key"]
    if not given.get(key):
        raise missing_parameter(f"payload[{key}]")
    return given[key]


def value_of(meter: Json, given: dict[str, str]) -> Decimal:
    if meter["default_aggregation"]["formula"] == "count":
        return Decimal(1)
    text = given_in(given, meter["value_settings"])
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= 10**12):
        raise invalid(f"Invalid meter event value: {text}", param="payload")
    return value


def identifier_of(tx: Transaction, params: Json) -> str:
    identifier: str | None = params.get("identifier")
    if identifier is None:
        return tx.new_id("billing.meter_event")
    if len(identifier) > LONGEST_IDENTIFIER:
        raise invalid("An identifier has at most 100 characters.", param="identifier")
    if metering.received(tx, identifier):
        raise already_there(identifier)
    return identifier


def already_there(identifier: str) -> StripeError:
    return invalid(
        f"An event already exists with identifier {identifier}.",
        param="identifier",
        code="resource_already_exists",
    )


def adjust(tx: Transaction, params: Json) -> Json:
    """Cancels an event that was received within the last day; it counts no more."""
    identifier = (params.get("cancel") or {}).get("identifier")
    if identifier is None:
        raise missing_parameter("cancel[identifier]")
    meter = active_meter(tx, params["event_name"])
    found = metering.received(tx, identifier)
    if found is None or found[0] != meter["id"]:
        raise invalid(f"No event with identifier {identifier}.", param="cancel[identifier]")
    if found[1] < tx.now - CANCELABLE_FOR:
        raise invalid(
            "Only events of the last 24 hours can be canceled.", param="cancel[identifier]"
        )
    metering.cancel(tx, identifier)
    return {
        "object": "billing.meter_event_adjustment",
        "cancel": {"identifier": identifier},
        "event_name": params["event_name"],
        "livemode": False,
        "status": "complete",
        "type": "cancel",
    }


OPERATIONS = (
    post(
        "/v1/billing/meter_events",
        create,
        {
            "event_name": p.filled,
            "identifier": p.filled,
            "payload": payload,
            "timestamp": p.moment,
        },
        "event_name",
        "payload",
    ),
    post(
        "/v1/billing/meter_event_adjustments",
        adjust,
        {
            "cancel": p.hash_of({"identifier": p.filled}),
            "event_name": p.filled,
            "type": p.choice("cancel"),
        },
        "event_name",
        "type",
    ),
)
