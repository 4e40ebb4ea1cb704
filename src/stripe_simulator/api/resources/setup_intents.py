from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.intent_fields import CONFIRM_SETUP, NEW_SETUP, SETUP
from stripe_simulator.billing import methods, setups
from stripe_simulator.errors import StripeError, invalid, missing_parameter
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(tx: Transaction, params: Json) -> Json:
    if params.get("customer"):
        tx.need("customer", params["customer"], param="customer")
    intent = setups.create(
        tx,
        customer=params.get("customer"),
        usage=params.get("usage", "off_session"),
        metadata=p.new_metadata(params.get("metadata", {})),
    )
    intent["description"] = params.get("description")
    automatic = params.get("automatic_payment_methods")
    if automatic:
        intent["automatic_payment_methods"] = {"allow_redirects": "always"} | automatic
    choose(tx, intent, params)
    tx.save(intent)
    return confirmed(tx, intent, params) if params.get("confirm") else intent


def choose(tx: Transaction, intent: Json, params: Json) -> None:
    if params.get("payment_method"):
        method = methods.named(tx, params["payment_method"], param="payment_method")
        intent |= {"payment_method": method["id"], "status": "requires_confirmation"}


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("setup_intent", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    intent = tx.need("setup_intent", id_)
    if intent["status"] not in OPEN:
        raise unexpected(intent, "update")
    if params.get("customer"):
        intent["customer"] = tx.need("customer", params["customer"], param="customer")["id"]
    if "description" in params:
        intent["description"] = params["description"]
    if "metadata" in params:
        intent["metadata"] = p.merged_metadata(intent["metadata"], params["metadata"])
    choose(tx, intent, params)
    return tx.save(intent)


def confirm(tx: Transaction, params: Json, id_: str) -> Json:
    return confirmed(tx, tx.need("setup_intent", id_), params)


def confirmed(tx: Transaction, intent: Json, params: Json) -> Json:
    """Errors: 402 when the card is refused."""
    if intent["status"] not in OPEN:
        raise unexpected(intent, "confirm")
    chosen = params.get("payment_method") or intent["payment_method"]
    if chosen is None:
        raise missing_parameter("payment_method")
    method = methods.named(tx, chosen, param="payment_method")
    refused = setups.confirm(
        tx, intent, method, return_url=params.get("return_url"), authenticated=False
    )
    if refused:
        raise setups.error_of(refused, intent)
    return intent


def cancel(tx: Transaction, params: Json, id_: str) -> Json:
    intent = tx.need("setup_intent", id_)
    if intent["status"] not in OPEN:
        raise unexpected(intent, "cancel")
    setups.cancel(tx, intent, reason=params.get("cancellation_reason"))
    return intent


def unexpected(intent: Json, verb: str) -> StripeError:
    return invalid(
        f"You cannot {verb} this SetupIntent because it has a status of {intent['status']}.",
        code="setup_intent_unexpected_state",
    )


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("customer", "payment_method")}
    return page(tx, "setup_intent", params, url="/v1/setup_intents", where=where)


OPERATIONS = (
    post("/v1/setup_intents", create, NEW_SETUP),
    listing(
        "/v1/setup_intents",
        search,
        **p.CREATED,
        **names(p.text, "customer", "payment_method"),
        **names(p.unsupported, "attach_to_self", "customer_account"),
    ),
    get("/v1/setup_intents/{id}", retrieve),
    post("/v1/setup_intents/{id}", update, SETUP),
    post("/v1/setup_intents/{id}/confirm", confirm, CONFIRM_SETUP),
    post(
        "/v1/setup_intents/{id}/cancel",
        cancel,
        {"cancellation_reason": p.choice("abandoned", "duplicate", "requested_by_customer")},
    ),
)
