"""The account and what happened in it."""

from collections.abc import Mapping, Sequence

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing
from stripe_simulator.api.pagination import page, page_of, wanted
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.webhooks.payloads import shown

MOST_TYPES = 20


def account(tx: Transaction, params: Json) -> Json:
    del params
    return tx.find("account")[0]


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return shown(tx, tx.need("event", id_), version=None)


def search(tx: Transaction, params: Json) -> Json:
    where = {"type": types(tx, params)}
    if "delivery_success" in params:
        found = page_of(by_delivery(tx, params, where), params, url="/v1/events")
    else:
        found = page(tx, "event", params, url="/v1/events", where=where)
    found["data"] = [shown(tx, event, version=None) for event in found["data"]]
    return found


def by_delivery(
    tx: Transaction, params: Json, where: Mapping[str, Sequence[str] | None]
) -> list[Json]:
    """Those that every endpoint has taken, or those that wait for one or were given up.

    docs.stripe.com/webhooks/process-undelivered-events.
    """
    rows = tx.db.execute("SELECT DISTINCT event FROM deliveries WHERE status != 'delivered'")
    undelivered = {row[0] for row in rows}
    asked = Selection("event", where=wanted(where), created=params.get("created") or {})
    return [
        event
        for event in tx.select(asked)
        if (event["id"] not in undelivered) is params["delivery_success"]
    ]


def types(tx: Transaction, params: Json) -> list[str] | None:
    """`type` may hold asterisks: `customer.subscription.*`."""
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.")
    if "types" in params:
        if len(params["types"]) > MOST_TYPES:
            raise invalid(f"types may hold at most {MOST_TYPES} entries.", param="types")
        return list(params["types"])
    pattern = params.get("type")
    if pattern is None or "*" not in pattern:
        return [pattern] if pattern else None
    rows = tx.db.execute(
        "SELECT DISTINCT value FROM refs WHERE kind = 'event' AND field = 'type' AND value GLOB ?",
        (pattern,),
    )
    return [row[0] for row in rows]


OPERATIONS = (
    get("/v1/account", account),
    listing(
        "/v1/events",
        search,
        **p.CREATED,
        type=p.text,
        types=p.array(p.filled),
        delivery_success=p.boolean,
    ),
    get("/v1/events/{id}", retrieve),
)
