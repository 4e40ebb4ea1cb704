from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import Operation, get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.meter_summaries import summaries
from stripe_simulator.errors import invalid
from stripe_simulator.objects import meter as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

KIND, URL = "billing.meter", "/v1/billing/meters"
NEW = {
    "customer_mapping": p.hash_of(
        {"event_payload_key": p.filled, "type": p.choice("by_id")},
        required=("event_payload_key", "type"),
    ),
    "default_aggregation": p.hash_of(
        {"formula": p.choice("count", "last", "sum")}, required=("formula",)
    ),
    "display_name": p.filled,
    "event_name": p.filled,
    "event_time_window": p.choice("day", "hour"),
    "value_settings": p.hash_of({"event_payload_key": p.filled}, required=("event_payload_key",)),
}


def create(tx: Transaction, params: Json) -> Json:
    """Errors: 400 when another active meter counts these events."""
    refuse_if_taken(tx, params["event_name"])
    return tx.add(built.meter(tx.new_id(KIND), params, now=tx.now), "billing.meter.created")


def refuse_if_taken(tx: Transaction, event_name: str) -> None:
    for other in tx.find(KIND, event_name=event_name, status="active"):
        raise invalid(
            f"A meter with event name {event_name} already exists: {other['id']}.",
            param="event_name",
            code="resource_already_exists",
        )


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need(KIND, id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    """Only its name changes: what was counted stays what it was."""
    meter = tx.need(KIND, id_)
    if "display_name" in params:
        meter |= {"display_name": params["display_name"], "updated": tx.now}
    return tx.save(meter, "billing.meter.updated")


def deactivate(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    meter = tx.need(KIND, id_)
    if meter["status"] == "inactive":
        raise invalid("The meter is already inactive.", code="meter_already_inactive")
    meter |= {"status": "inactive", "updated": tx.now}
    meter["status_transitions"]["deactivated_at"] = tx.now
    tx.save(meter)
    tx.emit("billing.meter.deactivated", meter)
    return meter


def reactivate(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    meter = tx.need(KIND, id_)
    if meter["status"] == "active":
        raise invalid("The meter is already active.", code="meter_already_active")
    refuse_if_taken(tx, meter["event_name"])
    meter |= {"status": "active", "updated": tx.now}
    meter["status_transitions"]["deactivated_at"] = None
    tx.save(meter)
    tx.emit("billing.meter.reactivated", meter)
    return meter


def search(tx: Transaction, params: Json) -> Json:
    return page(tx, KIND, params, url=URL, where={"status": params.get("status")})


OPERATIONS = (
    post(URL, create, NEW, "default_aggregation", "display_name", "event_name"),
    listing(URL, search, status=p.choice("active", "inactive")),
    get(f"{URL}/{{id}}", retrieve),
    post(f"{URL}/{{id}}", update, {"display_name": p.filled}),
    post(f"{URL}/{{id}}/deactivate", deactivate),
    post(f"{URL}/{{id}}/reactivate", reactivate),
    Operation(
        "GET",
        f"{URL}/{{id}}/event_summaries",
        summaries,
        {
            **p.EXPAND,
            **p.PAGE,
            "customer": p.filled,
            "end_time": p.moment,
            "start_time": p.moment,
            "value_grouping_window": p.choice("day", "hour"),
        },
        frozenset({"customer", "end_time", "start_time"}),
    ),
)
