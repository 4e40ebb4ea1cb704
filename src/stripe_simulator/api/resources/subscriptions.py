from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import discounts, subscription_changes, subscription_extras
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.api.resources.subscription_ends import set_end
from stripe_simulator.api.resources.subscription_fields import CHANGES, DETAILS, LIVE, NEW
from stripe_simulator.api.resources.subscription_settings import (
    anchor,
    anchor_config,
    check_collection,
    settings,
    trial_end,
)
from stripe_simulator.api.resources.tax_fields import rates
from stripe_simulator.billing import canceling, invoice_items, pausing, subscriptions
from stripe_simulator.billing.payments import Verdict, card_error
from stripe_simulator.errors import invalid, missing_parameter, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def create(tx: Transaction, params: Json) -> Json:
    for name in ("customer", "items"):
        if not params.get(name):
            raise missing_parameter(name)
    customer = tx.need("customer", params["customer"], param="customer")
    wanted = [wanted_item(tx, item, index) for index, item in enumerate(params["items"])]
    check_collection(params, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    subscription, result = subscriptions.start(
        tx,
        customer=customer,
        wanted=wanted,
        trial_end=trial_end(params, tx.now),
        collects=behavior != "default_incomplete",
        discounts=params.get("discounts"),
        beginning=beginning(tx, params, customer, wanted),
        metadata=p.new_metadata(params.get("metadata", {})),
        **settings(tx, params, customer),
    )
    if behavior == "error_if_incomplete":
        refuse_if_declined(result)
    subscription_changes.check_taxes(tx, subscription)
    set_end(tx, subscription, params)
    return tx.save(subscription)


def beginning(
    tx: Transaction, params: Json, customer: Json, wanted: list[subscriptions.Wanted]
) -> subscriptions.Beginning:
    """Errors: 400 for prices that do not fit together, or are not sold in the currency."""
    named = params.get("currency")
    chosen = currency(named) if named else wanted[0].price["currency"]
    subscription_changes.check_alike(tx, [item.price for item in wanted], currency=chosen)
    return subscriptions.Beginning(
        anchor=anchor(params, tx.now),
        config=anchor_config(params),
        prorates=params.get("proration_behavior") != "none",
        extras=subscription_extras.items(tx, params, customer=customer["id"], currency=chosen),
        currency=chosen,
    )


def refuse_if_declined(result: Verdict) -> None:
    """`error_if_incomplete`: nothing stays."""
    if result.decline:
        error = card_error(result.decline)
        error.keeps_changes = False
        raise error


def wanted_item(tx: Transaction, item: Json, index: int) -> subscriptions.Wanted:
    path = f"items[{index}]"
    price = subscription_changes.price_of(tx, item, path)
    if price is None:
        raise missing_parameter(f"{path}[price]")
    if not price["active"] and not item.get("price_data"):
        raise invalid(
            "The price specified is inactive. This field only accepts active prices.",
            param=f"{path}[price]",
        )
    subscription_changes.check_quantity(price, item, path)
    return subscriptions.Wanted(
        price,
        item.get("quantity", 1),
        p.new_metadata(item.get("metadata", {})),
        tuple(item.get("discounts", ())),
        rates(tx, item.get("tax_rates", []), f"{path}[tax_rates]"),
    )


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("subscription", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = tx.need("subscription", id_)
    if subscription["status"] in subscriptions.ENDED:
        check_only_metadata(params)
    customer = tx.need("customer", subscription["customer"])
    subscription |= settings(tx, params, customer)
    check_collection(params, subscription | params)
    if "metadata" in params:
        subscription["metadata"] = p.merged_metadata(subscription["metadata"], params["metadata"])
    for name in ("description", "default_payment_method"):
        if name in params and params[name] is None:
            subscription[name] = None
    subscription["cancellation_details"] |= params.get("cancellation_details", {})
    subscription_changes.check_taxes(tx, subscription)
    change(tx, subscription, customer, params)
    set_end(tx, subscription, params)
    return tx.save(subscription, "customer.subscription.updated")


def change(tx: Transaction, subscription: Json, customer: Json, params: Json) -> None:
    """What costs something, or stops costing."""
    if "discounts" in params:
        discounts.set_on(tx, subscription, params["discounts"])
    if "pause_collection" in params:
        pause_collection(tx, subscription, params["pause_collection"])
    for extra in subscription_extras.items(
        tx, params, customer=customer["id"], currency=subscription["currency"]
    ):
        invoice_items.belong(tx, extra, subscription)
    if any(name in params for name in subscription_changes.ASKED):
        asked = subscription_changes.change_of(tx, subscription, params)
        subscription_changes.apply(tx, subscription, customer, asked)


def pause_collection(tx: Transaction, subscription: Json, asked: Json | None) -> None:
    if asked is None:
        pausing.collect_again(tx, subscription)
        return
    until = asked.get("resumes_at")
    if until is not None and until <= tx.now:
        raise invalid("Timestamp must be in the future.", param="pause_collection[resumes_at]")
    pausing.pause_collection(tx, subscription, asked["behavior"], until)


def check_only_metadata(params: Json) -> None:
    """A subscription that ended takes notes and nothing else."""
    if set(params) - {"metadata", "cancellation_details", "expand"}:
        raise invalid(
            "A canceled subscription can only update its cancellation_details and metadata."
        )


def cancel(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = tx.get(id_, "subscription")
    if subscription is None or subscription["status"] in subscriptions.ENDED:
        raise missing_resource("subscription", id_)
    subscription["cancellation_details"] |= params.get("cancellation_details", {})
    canceling.now(
        tx,
        subscription,
        prorates=params.get("prorate", False),
        invoices_now=params.get("invoice_now", False),
    )
    return subscription


def search(tx: Transaction, params: Json) -> Json:
    asked = params.get("status")
    statuses = {None: LIVE, "all": None, "ended": list(subscriptions.ENDED)}
    where = {
        "customer": params.get("customer"),
        "price": params.get("price"),
        "collection_method": params.get("collection_method"),
        "status": statuses.get(asked, [asked] if asked else LIVE),
    }
    return page(tx, "subscription", params, url="/v1/subscriptions", where=where)


OPERATIONS = (
    post("/v1/subscriptions", create, NEW),
    listing(
        "/v1/subscriptions",
        search,
        **p.CREATED,
        **names(p.text, "customer", "price"),
        **names(
            p.unsupported,
            "automatic_tax",
            "current_period_end",
            "current_period_start",
            "customer_account",
            "plan",
            "test_clock",
        ),
        collection_method=p.choice("charge_automatically", "send_invoice"),
        status=p.choice(*LIVE, "canceled", "incomplete_expired", "all", "ended"),
    ),
    get("/v1/subscriptions/{id}", retrieve),
    post("/v1/subscriptions/{id}", update, CHANGES),
    delete(
        "/v1/subscriptions/{id}",
        cancel,
        {
            **p.EXPAND,
            "cancellation_details": DETAILS,
            **names(p.boolean, "invoice_now", "prorate"),
        },
    ),
)
