from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page, page_of
from stripe_simulator.api.resources import checkout_collecting as collecting
from stripe_simulator.api.resources import checkout_taxes, prices
from stripe_simulator.api.resources.checkout_fields import NEW
from stripe_simulator.api.resources.subscription_changes import check_quantity
from stripe_simulator.api.resources.tax_fields import rates
from stripe_simulator.billing import pricing
from stripe_simulator.billing.drafts import product_name
from stripe_simulator.checkout import discounts, expiry
from stripe_simulator.checkout.dues import due_today
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import checkout_session as built
from stripe_simulator.objects.catalog import shown_inside
from stripe_simulator.objects.subscription import trial_settings
from stripe_simulator.shapes import DAY, MINUTE, Json
from stripe_simulator.state.transaction import Transaction

FOREIGN = {
    "payment": ("subscription_data", "setup_intent_data"),
    "setup": ("subscription_data", "payment_intent_data", "line_items", "automatic_tax"),
    "subscription": ("payment_intent_data", "setup_intent_data"),
}
"""What a session of each mode does not take."""
LIVES, SHORTEST = DAY, 30 * MINUTE


def create(tx: Transaction, params: Json) -> Json:
    check(tx, params)
    entries = [entry_of(tx, line, index) for index, line in enumerate(params.get("line_items", []))]
    if entries:
        params["currency"] = one_currency(entries, params.get("currency"))
    check_intervals(params["mode"], entries)
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    params.setdefault("expires_at", tx.now + LIVES)
    data = subscription_data(tx, params)
    free = bool(data.get("trial_period_days") or data.get("trial_end"))
    id_ = tx.new_id("checkout.session")
    session = built.checkout_session(
        id_,
        params,
        amount=sum(due_today(entry, free=free) for entry in entries),
        url=f"{tx.base_url}/c/pay/{id_}",
        now=tx.now,
    )
    session |= collecting.kept(params)
    session |= {
        "_items": entries,
        "_subscription_data": data,
        "_payment_intent_data": intent_data(params, "payment_intent_data"),
        "_setup_intent_data": intent_data(params, "setup_intent_data"),
    }
    if entries:
        checkout_taxes.switch(tx, session, params)
        discount(tx, session, params)
    tx.schedule("checkout.expire", id_, params["expires_at"])
    return tx.add(session)


def discount(tx: Transaction, session: Json, params: Json) -> None:
    given = params.get("discounts") or []
    if given and params.get("allow_promotion_codes") is not None:
        raise invalid(
            "You may only specify one of these parameters: allow_promotion_codes, discounts."
        )
    discounts.use(tx, session, given)


def check(tx: Transaction, params: Json) -> None:
    content = "currency" if params.get("mode") == "setup" else "line_items"
    for name in ("mode", "success_url", content):
        if not params.get(name):
            raise missing_parameter(name)
    if params.get("customer") and params.get("customer_email"):
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    if params.get("customer"):
        tx.need("customer", params["customer"], param="customer")
    until = params.get("expires_at")
    if until is not None and not tx.now + SHORTEST <= until <= tx.now + LIVES:
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout"
            " Session creation.",
            param="expires_at",
        )
    for name in FOREIGN[params["mode"]]:
        if not params.get(name):
            continue
        raise invalid(f"You can not pass `{name}` in `{params['mode']}` mode.", param=name)
    if params["mode"] != "subscription" and params.get("payment_method_collection"):
        raise invalid(
            "`payment_method_collection` can only be used in `subscription` mode.",
            param="payment_method_collection",
        )
    collecting.check(params)


def entry_of(tx: Transaction, line: Json, index: int) -> Json:
    """A line as it is kept: the shown item, its price, and the amount of a whole period.

    What is metered has no quantity, and costs nothing before it was used.
    """
    price = price_of(tx, line, f"line_items[{index}]")
    metered = pricing.is_metered(price)
    check_quantity(price, line, f"line_items[{index}]")
    quantity = line.get("quantity")
    if quantity is None and not metered:
        raise missing_parameter(f"line_items[{index}][quantity]")
    counted = 1 if metered else int(quantity or 0)
    amount = 0 if metered else pricing.total(tx, price, counted, price["currency"])
    path = f"line_items[{index}][adjustable_quantity]"
    adjustable = collecting.adjustable(line.get("adjustable_quantity"), counted, path)
    shown = built.item(
        tx.new_id("item"),
        price=shown_inside(price),
        description=product_name(tx, price),
        quantity=counted,
        amount=amount,
    )
    shown |= {"adjustable_quantity": adjustable, "quantity": quantity}
    return {
        "price": price,
        "quantity": counted,
        "amount": amount,
        "item": shown,
        "tax_rates": rates(tx, line.get("tax_rates", []), f"line_items[{index}][tax_rates]"),
    }


def price_of(tx: Transaction, line: Json, path: str) -> Json:
    if line.get("price"):
        price = tx.need("price", line["price"], param=f"{path}[price]")
        if not price["active"]:
            raise invalid(
                "The price specified is inactive. This field only accepts active prices.",
                param=f"{path}[price]",
            )
        return price
    if not line.get("price_data"):
        raise missing_parameter(f"{path}[price]")
    price = prices.create(tx, line["price_data"])
    price["active"] = False
    return tx.save(price)


def one_currency(entries: list[Json], wanted: str | None) -> str:
    currencies = {entry["price"]["currency"] for entry in entries}
    if len(currencies) > 1 or (wanted and currencies != {wanted}):
        raise invalid("All prices on a Checkout Session must have the same currency.")
    return str(currencies.pop())


def check_intervals(mode: str, entries: list[Json]) -> None:
    rhythms = {
        (entry["price"]["recurring"]["interval"], entry["price"]["recurring"]["interval_count"])
        for entry in entries
        if entry["price"]["recurring"]
    }
    if mode == "payment" and rhythms:
        raise invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to"
            " `subscription` mode or use only one-time prices."
        )
    if mode == "subscription" and not rhythms:
        raise invalid(
            "You must provide at least one recurring price in `subscription` mode when using"
            " prices."
        )
    if len(rhythms) > 1:
        raise invalid("Checkout does not support multiple prices with different billing intervals.")


def subscription_data(tx: Transaction, params: Json) -> Json:
    data: Json = params.get("subscription_data") or {}
    if "trial_end" in data and "trial_period_days" in data:
        raise invalid("You may only specify one of trial_end, trial_period_days.")
    if "trial_end" in data and data["trial_end"] < tx.now + 2 * DAY:
        raise invalid(
            "The `trial_end` date has to be at least 2 days in the future.",
            param="subscription_data[trial_end]",
        )
    data["metadata"] = p.new_metadata(data.get("metadata", {}))
    if "default_tax_rates" in data:
        where = "subscription_data[default_tax_rates]"
        data["default_tax_rates"] = rates(tx, data["default_tax_rates"], where)
    if "trial_settings" in data:
        data["trial_settings"] = trial_settings(data["trial_settings"])
    return data


def intent_data(params: Json, name: str) -> Json:
    data: Json = params.get(name) or {}
    data["metadata"] = p.new_metadata(data.get("metadata", {}))
    return data


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("checkout.session", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    session = tx.need("checkout.session", id_)
    if "metadata" in params:
        session["metadata"] = p.merged_metadata(session["metadata"] or {}, params["metadata"])
    return tx.save(session)


def expire(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    session = tx.need("checkout.session", id_)
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
            f' Session has a status of "{session["status"]}".'
        )
    expiry.expire(tx, session)
    return session


def line_items(tx: Transaction, params: Json, id_: str) -> Json:
    session = tx.need("checkout.session", id_)
    url = f"/v1/checkout/sessions/{id_}/line_items"
    return page_of([entry["item"] for entry in session["_items"]], params, url=url)


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in FILTERS}
    where["email"] = params.get("customer_details", {}).get("email")
    return page(tx, "checkout.session", params, url="/v1/checkout/sessions", where=where)


FILTERS = ("customer", "status", "subscription", "payment_intent")
OPERATIONS = (
    post("/v1/checkout/sessions", create, NEW),
    listing(
        "/v1/checkout/sessions",
        search,
        **p.CREATED,
        **names(p.text, "customer", "payment_intent", "subscription"),
        customer_details=p.hash_of({"email": p.text}, required=("email",)),
        status=p.choice("open", "complete", "expired"),
        payment_link=p.unsupported,
    ),
    get("/v1/checkout/sessions/{id}", retrieve),
    post("/v1/checkout/sessions/{id}", update, {"metadata": p.metadata}),
    post("/v1/checkout/sessions/{id}/expire", expire),
    listing("/v1/checkout/sessions/{id}/line_items", line_items),
)
