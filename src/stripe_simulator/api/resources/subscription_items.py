from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, post
from stripe_simulator.api.pagination import page_of
from stripe_simulator.api.resources import subscription_changes
from stripe_simulator.api.resources.subscription_fields import (
    ITEM_CHANGE,
    PAYMENT_BEHAVIORS,
    PRORATION,
)
from stripe_simulator.billing import subscriptions
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

HOW = {
    "payment_behavior": p.choice(*PAYMENT_BEHAVIORS),
    "proration_behavior": PRORATION,
    "proration_date": p.moment,
}
CHANGES = {**ITEM_CHANGE, **HOW, "off_session": p.boolean}
NEW = {**ITEM_CHANGE, **HOW, "subscription": p.filled}


def create(tx: Transaction, params: Json) -> Json:
    subscription = living(tx, params["subscription"], param="subscription")
    before = {item["id"] for item in subscription["items"]["data"]}
    made = changed(tx, subscription, params, item={})
    return next(item for item in made["items"]["data"] if item["id"] not in before)


def living(tx: Transaction, id_: str, *, param: str) -> Json:
    subscription = tx.need("subscription", id_, param=param)
    if subscription["status"] in subscriptions.ENDED:
        raise invalid("A canceled subscription's items cannot be changed.")
    return subscription


def changed(tx: Transaction, subscription: Json, params: Json, *, item: Json) -> Json:
    """The subscription after one of its items was changed as the parameters say."""
    edit = item | {name: params[name] for name in ITEM_CHANGE if name in params}
    how = {name: params[name] for name in HOW if name in params}
    customer = tx.need("customer", subscription["customer"])
    asked = subscription_changes.change_of(tx, subscription, how | {"items": [edit]})
    subscription_changes.apply(tx, subscription, customer, asked)
    return tx.save(subscription, "customer.subscription.updated")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return found(owner(tx, id_), id_)


def owner(tx: Transaction, id_: str) -> Json:
    for subscription in tx.find("subscription", item=id_):
        return subscription
    raise missing_resource("subscription_item", id_)


def found(subscription: Json, id_: str) -> Json:
    item: Json = next(one for one in subscription["items"]["data"] if one["id"] == id_)
    return item


def update(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = living(tx, owner(tx, id_)["id"], param="id")
    return found(changed(tx, subscription, params, item={"id": id_}), id_)


def remove(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = living(tx, owner(tx, id_)["id"], param="id")
    changed(tx, subscription, params, item={"id": id_, "deleted": True})
    return {"id": id_, "object": "subscription_item", "deleted": True}


def items(tx: Transaction, params: Json) -> Json:
    subscription = tx.need("subscription", params["subscription"], param="subscription")
    return page_of(subscription["items"]["data"], params, url="/v1/subscription_items")


OPERATIONS = (
    post("/v1/subscription_items", create, NEW, "subscription"),
    listing("/v1/subscription_items", items, "subscription", subscription=p.text),
    get("/v1/subscription_items/{id}", retrieve),
    post("/v1/subscription_items/{id}", update, CHANGES),
    delete("/v1/subscription_items/{id}", remove, {**HOW, "clear_usage": p.unsupported}),
)
