from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import methods
from stripe_simulator.billing.payments import card_error
from stripe_simulator.cards import CARDS, INCORRECT_NUMBER, CardDetails, wrong_entry
from stripe_simulator.errors import invalid, missing_parameter, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

TYPES = p.choice(
    "card", "bancontact", "eps", "ideal", "klarna", "link", "p24", "paypal", "sepa_debit", "twint"
)
"""What lists can be asked for; only cards are ever made."""
REDISPLAY = p.choice("always", "limited", "unspecified")
BILLING_DETAILS = p.hash_of(
    {"address": p.ADDRESS, "email": p.text, "name": p.text, "phone": p.text, "tax_id": p.text}
)
NEW = {
    "allow_redisplay": REDISPLAY,
    "billing_details": BILLING_DETAILS,
    "card": p.hash_of(
        {
            "cvc": p.text,
            "exp_month": p.whole,
            "exp_year": p.whole,
            "number": p.text,
            "token": p.text,
            "networks": p.unsupported,
        }
    ),
    "metadata": p.metadata,
    "type": p.choice("card"),
    "customer": p.unsupported,
    "payment_method": p.unsupported,
}
CHANGES = {
    "allow_redisplay": REDISPLAY,
    "billing_details": BILLING_DETAILS,
    "card": p.hash_of({"exp_month": p.whole, "exp_year": p.whole, "networks": p.unsupported}),
    "metadata": p.metadata,
}


def create(tx: Transaction, params: Json) -> Json:
    card = typed_card(params.get("card") or {}, now=tx.now)
    wrong = wrong_entry(card, now=tx.now)
    if wrong or card.digits not in CARDS:
        raise card_error(wrong or INCORRECT_NUMBER)
    metadata = p.new_metadata(params.get("metadata", {}))
    method = methods.create(tx, card, metadata=metadata)
    method["allow_redisplay"] = params.get("allow_redisplay", "unspecified")
    method["billing_details"] = merged_details(method, params.get("billing_details", {}))
    return tx.save(method)


def typed_card(given: Json, *, now: int) -> CardDetails:
    if given.get("token"):
        known = methods.token_card(given["token"], now=now)
        if known is None:
            raise missing_resource("token", given["token"], param="card[token]")
        return known
    for name in ("number", "exp_month", "exp_year"):
        if given.get(name) is None:
            raise missing_parameter(f"card[{name}]")
    cvc = given.get("cvc") or ("1234" if given["number"].startswith("37") else "123")
    return CardDetails(given["number"], given["exp_month"], given["exp_year"], cvc)


def merged_details(method: Json, given: Json) -> Json:
    details: Json = method["billing_details"] | {
        name: value for name, value in given.items() if name != "address"
    }
    if "address" in given:
        details["address"] = details["address"] | (given["address"] or {})
    return details


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("payment_method", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    method = tx.need("payment_method", id_)
    if not method["customer"]:
        raise invalid("You must save this PaymentMethod to a customer before you can update it.")
    if "metadata" in params:
        method["metadata"] = p.merged_metadata(method["metadata"], params["metadata"])
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    method["billing_details"] = merged_details(method, params.get("billing_details", {}))
    method["card"] |= params.get("card", {})
    return tx.save(method, "payment_method.updated")


def attach(tx: Transaction, params: Json, id_: str) -> Json:
    customer = tx.need("customer", params["customer"], param="customer")
    return methods.attach(tx, methods.named(tx, id_, param="id"), customer)


def detach(tx: Transaction, params: Json, id_: str) -> Json:
    """Nobody's any more: also no default of its customer and subscriptions."""
    del params
    method = tx.need("payment_method", id_)
    owner = tx.get(method["customer"], "customer") if method["customer"] else None
    if owner is None:
        raise invalid("The payment method you provided is not attached to a customer.")
    method["customer"] = None
    tx.save(method, "payment_method.detached")
    if owner["invoice_settings"]["default_payment_method"] == id_:
        owner["invoice_settings"]["default_payment_method"] = None
        tx.save(owner, "customer.updated")
    for subscription in tx.find("subscription", customer=owner["id"]):
        if subscription["default_payment_method"] == id_:
            subscription["default_payment_method"] = None
            tx.save(subscription, "customer.subscription.updated")
    return method


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("customer", "type", "allow_redisplay")}
    return page(tx, "payment_method", params, url="/v1/payment_methods", where=where)


def of_customer(tx: Transaction, params: Json, id_: str) -> Json:
    where = {
        "customer": tx.need("customer", id_)["id"],
        "type": params.get("type"),
        "allow_redisplay": params.get("allow_redisplay"),
    }
    url = f"/v1/customers/{id_}/payment_methods"
    return page(tx, "payment_method", params, url=url, where=where)


def one_of_customer(tx: Transaction, params: Json, customer: str, id_: str) -> Json:
    del params
    method = tx.need("payment_method", id_)
    if method["customer"] != tx.need("customer", customer)["id"]:
        raise missing_resource("PaymentMethod", id_)
    return method


OPERATIONS = (
    post("/v1/payment_methods", create, NEW, "type"),
    listing(
        "/v1/payment_methods",
        search,
        customer=p.text,
        type=TYPES,
        allow_redisplay=REDISPLAY,
    ),
    get("/v1/payment_methods/{id}", retrieve),
    post("/v1/payment_methods/{id}", update, CHANGES),
    post("/v1/payment_methods/{id}/attach", attach, {"customer": p.text}, "customer"),
    post("/v1/payment_methods/{id}/detach", detach),
    listing(
        "/v1/customers/{id}/payment_methods",
        of_customer,
        type=TYPES,
        allow_redisplay=REDISPLAY,
    ),
    get("/v1/customers/{customer}/payment_methods/{id}", one_of_customer),
)
