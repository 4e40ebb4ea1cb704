from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.billing import customer_balance
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

NEW = {
    "amount": p.between(-p.MOST_AMOUNT, p.MOST_AMOUNT),
    "currency": p.filled,
    "description": p.text,
    "metadata": p.metadata,
}


def create(tx: Transaction, params: Json, customer_id: str) -> Json:
    """A negative amount is a credit. Errors: 400 for another currency than the customer's."""
    customer = tx.need("customer", customer_id)
    chosen = currency(params["currency"])
    if customer["currency"] not in (None, chosen):
        raise invalid(
            f"The customer's balance is kept in {customer['currency']}.", param="currency"
        )
    return customer_balance.move(
        tx,
        customer,
        amount=params["amount"],
        currency=chosen,
        reason="adjustment",
        description=params.get("description"),
        metadata=p.new_metadata(params.get("metadata", {})),
    )


def find(tx: Transaction, customer_id: str, id_: str) -> Json:
    found = tx.get(id_, "customer_balance_transaction")
    if found is None or found["customer"] != customer_id:
        raise missing_resource("customer balance transaction", id_)
    return found


def retrieve(tx: Transaction, params: Json, customer_id: str, id_: str) -> Json:
    del params
    return find(tx, customer_id, id_)


def update(tx: Transaction, params: Json, customer_id: str, id_: str) -> Json:
    found = find(tx, customer_id, id_)
    if "description" in params:
        found["description"] = params["description"]
    if "metadata" in params:
        found["metadata"] = p.merged_metadata(found["metadata"], params["metadata"])
    return tx.save(found)


def search(tx: Transaction, params: Json, customer_id: str) -> Json:
    tx.need("customer", customer_id)
    where = {"customer": customer_id, "invoice": params.get("invoice")}
    url = f"/v1/customers/{customer_id}/balance_transactions"
    return page(tx, "customer_balance_transaction", params, url=url, where=where)


PATH = "/v1/customers/{customer}/balance_transactions"
OPERATIONS = (
    post(PATH, create, NEW, "amount", "currency"),
    listing(PATH, search, **p.CREATED, invoice=p.text),
    get(f"{PATH}/{{id}}", retrieve),
    post(f"{PATH}/{{id}}", update, {"description": p.text, "metadata": p.metadata}),
)
