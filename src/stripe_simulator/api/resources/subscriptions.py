from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import discounts, subscription_changes
from stripe_simulator.api.resources.subscription_fields import CHANGES, DETAILS, LIVE, NEW
from stripe_simulator.billing import canceling, methods, pausing, subscriptions
from stripe_simulator.billing.payments import card_error
from stripe_simulator.errors import invalid, missing_parameter, missing_resource
from stripe_simulator.objects.subscription import NOT_CANCELED
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction


def create(tx: Transaction, params: Json) -> Json:
    for name in ("customer", "items"):
        if not params.get(name):
            raise missing_parameter(name)
    customer = tx.need("customer", params["customer"], param="customer")
    wanted = [wanted_item(tx, item, index) for index, item in enumerate(params["items"])]
    subscription_changes.check_alike([item.price for item in wanted])
    check_collection(params, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    subscription, result = subscriptions.start(
        tx,
        customer=customer,
        wanted=wanted,
        trial_end=trial_end(params, tx.now),
        collects=behavior != "default_incomplete",
        discounts=params.get("discounts"),
        anchor=anchor(params, tx.now),
        prorates=params.get("proration_behavior") != "none",
        metadata=p.new_metadata(params.get("metadata", {})),
        **settings(tx, params, customer),
    )
    if result.decline and behavior == "error_if_incomplete":
        error = card_error(result.decline)
        error.keeps_changes = False
        raise error
    set_end(tx, subscription, params)
    return tx.save(subscription)


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
    metadata = p.new_metadata(item.get("metadata", {}))
    return subscriptions.Wanted(
        price, item.get("quantity", 1), metadata, tuple(item.get("discounts", ()))
    )


def check_collection(params: Json, now: Json) -> None:
    """Invoices that are sent need a date; those that are charged have none."""
    sends = now.get("collection_method") == "send_invoice"
    if sends and now.get("days_until_due") is None:
        raise invalid(
            "If invoices are sent to the customer, days_until_due must be given.",
            param="days_until_due",
        )
    if not sends and params.get("days_until_due") is not None:
        raise invalid(
            "days_until_due may only be used with collection_method=send_invoice.",
            param="days_until_due",
        )


def anchor(params: Json, now: int) -> int | None:
    """`billing_cycle_anchor`: a second to come, from which full periods are counted."""
    given: int | None = params.get("billing_cycle_anchor")
    if given is None or given == now:
        return None
    if given < now:
        raise invalid("billing_cycle_anchor cannot be in the past.", param="billing_cycle_anchor")
    if params.get("trial_end") or params.get("trial_period_days"):
        raise invalid("billing_cycle_anchor with a trial is not supported by this simulator.")
    return given


def trial_end(params: Json, now: int) -> int | None:
    given, days = params.get("trial_end"), params.get("trial_period_days")
    if given and days:
        raise invalid("You may only specify one of trial_end, trial_period_days.")
    if given and given != "now":
        moment = p.moment(given, "trial_end")
        if moment <= now:
            raise invalid("Timestamp must be in the future.", param="trial_end")
        return moment
    return now + days * DAY if days else None


def settings(tx: Transaction, params: Json, customer: Json) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        name: params[name] for name in ("collection_method", "days_until_due") if name in params
    }
    if params.get("description"):
        chosen["description"] = params["description"]
    if params.get("default_payment_method"):
        chosen["default_payment_method"] = own_method(
            tx, params["default_payment_method"], customer
        )
    if params.get("trial_settings"):
        behavior = params["trial_settings"]["end_behavior"]
        chosen["trial_settings"] = {"end_behavior": {"billing_cycle_anchor": None, **behavior}}
    if params.get("payment_settings"):
        chosen["payment_settings"] = {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
            **params["payment_settings"],
        }
    return chosen


def own_method(tx: Transaction, id_: str, customer: Json) -> str:
    method = methods.named(tx, id_, param="default_payment_method")
    if method["customer"] != customer["id"]:
        raise invalid(
            "The customer does not have a payment method with the ID"
            f" {method['id']}. The payment method must be attached to the customer.",
            param="default_payment_method",
            code="resource_missing",
        )
    return str(method["id"])


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
    change(tx, subscription, customer, params)
    set_end(tx, subscription, params)
    return tx.save(subscription, "customer.subscription.updated")


def change(tx: Transaction, subscription: Json, customer: Json, params: Json) -> None:
    """What costs something, or stops costing."""
    if "discounts" in params:
        discounts.set_on(tx, subscription, params["discounts"])
    if "pause_collection" in params:
        pause_collection(tx, subscription, params["pause_collection"])
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


def set_end(tx: Transaction, subscription: Json, params: Json) -> None:
    """`cancel_at_period_end` and `cancel_at`, and taking them back."""
    if params.get("cancel_at_period_end") and params.get("cancel_at"):
        raise invalid("You may only specify one of cancel_at, cancel_at_period_end.")
    if "cancel_at" in params and params["cancel_at"] is not None:
        plan_end(tx, subscription, p.moment(str(params["cancel_at"]), "cancel_at"))
    elif params.get("cancel_at_period_end"):
        if not subscription["cancel_at_period_end"]:
            tx.unschedule("subscription.cancel_at", subscription["id"])
            ends(subscription, subscriptions.current_end(subscription), tx.now)
            subscription["cancel_at_period_end"] = True
    elif params.get("cancel_at_period_end") is False or "cancel_at" in params:
        tx.unschedule("subscription.cancel_at", subscription["id"])
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"] = dict(NOT_CANCELED)


def plan_end(tx: Transaction, subscription: Json, moment: int) -> None:
    if moment <= tx.now:
        raise invalid("Timestamp must be in the future.", param="cancel_at")
    tx.schedule("subscription.cancel_at", subscription["id"], moment)
    ends(subscription, moment, tx.now)
    subscription["cancel_at_period_end"] = False


def ends(subscription: Json, moment: int, now: int) -> None:
    subscription["cancel_at"] = moment
    subscription["canceled_at"] = now
    subscription["cancellation_details"]["reason"] = "cancellation_requested"


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
