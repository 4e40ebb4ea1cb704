import re

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.webhooks import endpoints
from stripe_simulator.webhooks.versions import VERSIONS

MOST = 16
EVENT_TYPE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
COMMON = {
    "description": p.text,
    "enabled_events": p.array(p.filled),
    "metadata": p.metadata,
    "url": p.url,
}


def create(tx: Transaction, params: Json) -> Json:
    """The only answer that shows the secret."""
    check_url(params["url"])
    check_events(params["enabled_events"])
    if len(tx.find("webhook_endpoint")) >= MOST:
        raise invalid(f"You have reached the maximum of {MOST} test webhook endpoints.")
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    secret = new_secret("whsec_")
    return endpoints.add(tx, params, secret=secret) | {"secret": secret}


def check_url(address: str) -> None:
    if not address.startswith(("http://", "https://")):
        raise invalid("Invalid URL: URL must be a HTTP or HTTPS address.", param="url")


def check_events(names: list[str]) -> None:
    if not names:
        raise invalid("You must enable at least one event.", param="enabled_events")
    for index, name in enumerate(names):
        if name != "*" and not EVENT_TYPE.fullmatch(name):
            raise invalid(f"Invalid event type: {name}", param=f"enabled_events[{index}]")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("webhook_endpoint", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    endpoint = tx.need("webhook_endpoint", id_)
    if "url" in params:
        check_url(params["url"])
    if "enabled_events" in params:
        check_events(params["enabled_events"])
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(endpoint["metadata"], params["metadata"])
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    endpoint |= {name: params[name] for name in COMMON if name in params}
    return tx.save(endpoint)


def delete_(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return endpoints.remove(tx, tx.need("webhook_endpoint", id_))


def search(tx: Transaction, params: Json) -> Json:
    return page(tx, "webhook_endpoint", params, url="/v1/webhook_endpoints")


OPERATIONS = (
    post(
        "/v1/webhook_endpoints",
        create,
        {**COMMON, "api_version": p.choice(*VERSIONS), "connect": p.unsupported},
        "enabled_events",
        "url",
    ),
    listing("/v1/webhook_endpoints", search),
    get("/v1/webhook_endpoints/{id}", retrieve),
    post("/v1/webhook_endpoints/{id}", update, {**COMMON, "disabled": p.boolean}),
    delete("/v1/webhook_endpoints/{id}", delete_),
)
