from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import customer_taxes, tax_ids
from stripe_simulator.billing import customer_balance, methods, subscriptions, test_clocks
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.objects import customer as built
from stripe_simulator.objects.account import CURRENCY
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import NO_CLOCK
from stripe_simulator.state.transaction import Transaction

CHANGEABLE = {
    **names(
        p.text,
        "business_name",
        "description",
        "individual_name",
        "invoice_prefix",
        "name",
        "phone",
    ),
    **names(
        p.unsupported,
        "cash_balance",
        "next_invoice_sequence",
        "source",
        "validate",
    ),
    "balance": p.between(-p.MOST_AMOUNT, p.MOST_AMOUNT),
    "address": p.ADDRESS,
    "email": p.email,
    "invoice_settings": p.hash_of(
        {
            "custom_fields": p.array(
                p.hash_of({"name": p.text, "value": p.text}, required=("name", "value")),
                unset=True,
            ),
            "default_payment_method": p.text,
            "footer": p.text,
            "rendering_options": p.unsupported,
        }
    ),
    "metadata": p.metadata,
    "preferred_locales": p.array(p.filled),
    "shipping": p.SHIPPING,
    "tax": p.hash_of(customer_taxes.TAX),
    "tax_exempt": p.choice("", "none", "exempt", "reverse"),
}
NEW = {
    **CHANGEABLE,
    "payment_method": p.text,
    "tax_id_data": p.array(p.hash_of(tax_ids.NEW, required=("type", "value"))),
    "test_clock": p.filled,
}


def create(tx: Transaction, params: Json) -> Json:
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    if params.get("test_clock"):
        test_clocks.join(tx, params["test_clock"])
    id_ = tx.new_id("customer")
    settings = params.pop("invoice_settings", {})
    balance = params.pop("balance", 0)
    customer = built.customer(
        id_,
        params | {"invoice_settings": without_default(settings)},
        invoice_prefix=id_[-8:].upper(),
        now=tx.now,
    )
    customer_taxes.take(tx, customer, params)
    tx.add(customer, "customer.created")
    set_balance(tx, customer, balance)
    for given in params.get("tax_id_data", []):
        tax_ids.make(tx, customer, given)
    if params.get("payment_method"):
        method = methods.named(tx, params["payment_method"], param="payment_method")
        methods.attach(tx, method, customer)
        if settings.get("default_payment_method") == params["payment_method"]:
            settings["default_payment_method"] = method["id"]  # one test token, one card
    if settings.get("default_payment_method"):
        set_default_method(tx, customer, settings["default_payment_method"])
        tx.save(customer, "customer.updated")
    return customer


def without_default(settings: Json) -> Json:
    return {name: value for name, value in settings.items() if name != "default_payment_method"}


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    """A deleted customer is answered with its tombstone, not with 404."""
    del params
    customer = tx.get(id_, "customer")
    if customer is None:
        raise missing_resource("customer", id_)
    return customer


def update(tx: Transaction, params: Json, id_: str) -> Json:
    customer = tx.need("customer", id_)
    settings = params.pop("invoice_settings", {})
    tax, balance = params.pop("tax", None), params.pop("balance", customer["balance"])
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(customer["metadata"], params["metadata"])
    if "address" in params:
        params["address"] = built.address(params["address"])
    if "shipping" in params:
        params["shipping"] = built.shipping(params["shipping"])
    if "tax_exempt" in params:
        params["tax_exempt"] = params["tax_exempt"] or "none"
    customer |= {name: value for name, value in params.items() if name != "expand"}
    customer_taxes.take(tx, customer, params | {"tax": tax})
    customer["invoice_settings"] |= without_default(settings)
    if "default_payment_method" in settings:
        set_default_method(tx, customer, settings["default_payment_method"])
    tx.save(customer, "customer.updated")
    set_balance(tx, customer, balance)
    return customer


def set_balance(tx: Transaction, customer: Json, balance: int) -> None:
    """A balance that is written down is reached by one adjustment."""
    difference = balance - customer["balance"]
    if difference:
        currency = customer["currency"] or CURRENCY
        customer_balance.move(
            tx, customer, amount=difference, currency=currency, reason="adjustment"
        )


def set_default_method(tx: Transaction, customer: Json, id_: str | None) -> None:
    if id_ is None:
        customer["invoice_settings"]["default_payment_method"] = None
        return
    param = "invoice_settings[default_payment_method]"
    method = methods.named(tx, id_, param=param)
    if method["customer"] != customer["id"]:
        raise invalid(
            "The customer does not have a payment method with the ID"
            f" {method['id']}. The payment method must be attached to the customer.",
            param=param,
            code="resource_missing",
        )
    customer["invoice_settings"]["default_payment_method"] = method["id"]


def delete_(tx: Transaction, params: Json, id_: str) -> Json:
    """Ends the customer's subscriptions at once and forgets the cards."""
    del params
    customer = tx.need("customer", id_)
    for subscription in tx.find("subscription", customer=id_):
        if subscription["status"] not in subscriptions.ENDED:
            subscriptions.end(tx, subscription, reason="cancellation_requested")
    for method in tx.find("payment_method", customer=id_):
        method["customer"] = None
        tx.save(method)
    return tx.remove(customer, "customer.deleted")


def search(tx: Transaction, params: Json) -> Json:
    """Customers on test clocks are listed only when their clock is asked for."""
    where = {"email": params.get("email"), "test_clock": params.get("test_clock")}
    if tx.has_any(test_clocks.KIND) and not params.get("test_clock"):
        where["test_clock"] = NO_CLOCK
    return page(tx, "customer", params, url="/v1/customers", where=where)


OPERATIONS = (
    post("/v1/customers", create, NEW),
    listing("/v1/customers", search, **p.CREATED, email=p.text, test_clock=p.text),
    get("/v1/customers/{id}", retrieve),
    post("/v1/customers/{id}", update, {**CHANGEABLE, "default_source": p.unsupported}),
    delete("/v1/customers/{id}", delete_),
)
