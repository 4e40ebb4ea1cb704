from decimal import Decimal

from stripe_simulator.shapes import Json


def meter(id_: str, params: Json, *, now: int) -> Json:
    """Counts for the customer that `stripe_customer_id` names, unless told otherwise."""
    return {
        "id": id_,
        "object": "billing.meter",
        "created": now,
        "customer_mapping": params.get("customer_mapping")
        or {"event_payload_key": "stripe_customer_id", "type": "by_id"},
        "default_aggregation": params["default_aggregation"],
        "display_name": params["display_name"],
        "event_name": params["event_name"],
        "event_time_window": params.get("event_time_window"),
        "livemode": False,
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": now,
        "value_settings": params.get("value_settings") or {"event_payload_key": "value"},
    }


def summary(id_: str, *, meter: str, value: Decimal, start: int, end: int) -> Json:
    """`value` as a number: whole where it can be."""
    return {
        "id": id_,
        "object": "billing.meter_event_summary",
        "aggregated_value": int(value) if value == value.to_integral_value() else float(value),
        "end_time": end,
        "livemode": False,
        "meter": meter,
        "start_time": start,
    }
