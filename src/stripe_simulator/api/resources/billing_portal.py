"""Configurations and sessions of the customer's portal. A session's address is its secret."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.portal_fields import CHANGES, NEW, SESSION
from stripe_simulator.billing import promotions, subscriptions
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import billing_portal as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.transaction import Transaction

KIND = "billing_portal.configuration"
OF_SUBSCRIPTION = (
    "subscription_cancel",
    "subscription_pause",
    "subscription_update",
    "subscription_update_confirm",
)


def create(tx: Transaction, params: Json) -> Json:
    check_products(tx, params["features"])
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    made = built.configuration(tx.new_id(KIND), params, is_default=False, now=tx.now)
    set_login(tx, made, params)
    return tx.add(made, "billing_portal.configuration.created")


def check_products(tx: Transaction, features: Json) -> None:
    update = features.get("subscription_update") or {}
    if update.get("enabled") and not update.get("products"):
        raise missing_parameter("features[subscription_update][products]")
    for index, entry in enumerate(update.get("products") or []):
        path = f"features[subscription_update][products][{index}]"
        tx.need("product", entry["product"], param=f"{path}[product]")
        for price in entry["prices"]:
            tx.need("price", price, param=f"{path}[prices]")
        adjustable = entry.get("adjustable_quantity") or {"enabled": False}
        entry["adjustable_quantity"] = {"maximum": None, "minimum": 1} | adjustable
    pause = (features.get("subscription_pause") or {}).get("duration") or {}
    for option in pause.get("interval_options") or []:
        option.setdefault("interval_count", 1)


def set_login(tx: Transaction, made: Json, params: Json) -> None:
    if params.get("login_page", {}).get("enabled"):
        url = made["login_page"]["url"] or f"{tx.base_url}/p/login/{made['id']}"
        made["login_page"] = {"enabled": True, "url": url}
    elif "login_page" in params:
        made["login_page"] = {"enabled": False, "url": None}


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need(KIND, id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    made = tx.need(KIND, id_)
    if "features" in params:
        check_products(tx, built.merged(made["features"], params["features"]))
        made["features"] = built.merged(made["features"], params["features"])
    if "business_profile" in params:
        made["business_profile"] |= params["business_profile"]
    if "metadata" in params:
        made["metadata"] = p.merged_metadata(made["metadata"], params["metadata"])
    if params.get("active") is False and made["is_default"]:
        raise invalid("You cannot deactivate the default configuration.", param="active")
    plain = ("active", "default_return_url", "name")
    made |= {name: params[name] for name in plain if name in params}
    set_login(tx, made, params)
    made["updated"] = tx.now
    return tx.save(made, "billing_portal.configuration.updated")


def search(tx: Transaction, params: Json) -> Json:
    where: dict[str, str] = {
        name: ("true" if params[name] else "false")
        for name in ("active", "is_default")
        if name in params
    }
    return page(tx, KIND, params, url="/v1/billing_portal/configurations", where=where)


def open_session(tx: Transaction, params: Json) -> Json:
    if not params.get("customer"):
        raise missing_parameter("customer")
    tx.need("customer", params["customer"], param="customer")
    if params.get("configuration"):
        chosen = tx.need(KIND, params["configuration"], param="configuration")
    else:
        chosen = default_configuration(tx)
    if not chosen["active"]:
        raise invalid("This configuration is not active.", param="configuration")
    if params.get("flow_data"):
        check_flow(tx, params["flow_data"], params["customer"], chosen)
    secret = new_secret("test_")
    made = built.session(
        tx.new_id("billing_portal.session"),
        params,
        configuration=chosen,
        url=f"{tx.base_url}/p/session/{secret}",
        now=tx.now,
    )
    made |= {"_secret": secret, "_seen": tx.now}
    return tx.add(made, "billing_portal.session.created")


def default_configuration(tx: Transaction) -> Json:
    """Made on first use: a simulator has no dashboard where it could be saved."""
    known = tx.find(KIND, is_default="true")
    if known:
        return known[0]
    params: Json = {"features": built.DEFAULT_FEATURES}
    made = built.configuration(tx.new_id(KIND), params, is_default=True, now=tx.now)
    return tx.add(made, "billing_portal.configuration.created")


def check_flow(tx: Transaction, flow: Json, customer: str, configuration: Json) -> None:
    kind = flow["type"]
    feature = "subscription_update" if kind == "subscription_update_confirm" else kind
    if not configuration["features"][feature]["enabled"]:
        raise invalid(
            f"This flow is not available: {feature} is disabled in the portal configuration.",
            param="flow_data[type]",
        )
    if kind not in OF_SUBSCRIPTION:
        return
    if not flow.get(kind):
        raise missing_parameter(f"flow_data[{kind}]")
    path = f"flow_data[{kind}][subscription]"
    subscription = tx.need("subscription", flow[kind]["subscription"], param=path)
    if subscription["customer"] != customer:
        raise invalid("The subscription belongs to another customer.", param=path)
    if subscription["status"] in subscriptions.ENDED:
        raise invalid("The subscription is canceled.", param=path)
    if kind == "subscription_cancel" and subscription["cancel_at_period_end"]:
        raise invalid("The subscription is already set to be canceled.", param=path)
    check_reductions(tx, flow[kind], customer, f"flow_data[{kind}]")


def check_reductions(tx: Transaction, asked: Json, customer: str, path: str) -> None:
    """Errors: 400 for a coupon or code of a flow that cannot be used."""
    offer = (asked.get("retention") or {}).get("coupon_offer")
    offered = [(offer, f"{path}[retention][coupon_offer]")] if offer else []
    given = [
        (one, f"{path}[discounts][{index}]")
        for index, one in enumerate(asked.get("discounts") or [])
    ]
    for one, where in offered + given:
        promotions.redeemable(tx, one, customer=customer, path=where)


OPERATIONS = (
    post("/v1/billing_portal/configurations", create, NEW, "features"),
    listing(
        "/v1/billing_portal/configurations", search, **names(p.boolean, "active", "is_default")
    ),
    get("/v1/billing_portal/configurations/{id}", retrieve),
    post("/v1/billing_portal/configurations/{id}", update, CHANGES),
    post("/v1/billing_portal/sessions", open_session, SESSION),
)
