"""Changing the plan in the portal: what there is to choose, what it would cost, doing it."""

from dataclasses import dataclass

from stripe_simulator.api.resources import subscriptions as api
from stripe_simulator.billing import preview, promotions, subscriptions
from stripe_simulator.billing.drafts import product_name
from stripe_simulator.errors import invalid
from stripe_simulator.hosted import portal_schedules
from stripe_simulator.hosted.portal import Visit, price_text
from stripe_simulator.hosted.portal_actions import own
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

NOT_VALID = "This code is not valid."


@dataclass(frozen=True)
class Choice:
    """A price that may be changed to; `most` is None where the quantity is fixed."""

    price: str
    name: str
    text: str
    is_current: bool
    least: int
    most: int | None


@dataclass(frozen=True)
class Wanted:
    """What somebody chose. `code`: a promotion code as it was typed."""

    price: str
    quantity: int
    code: str = ""


@dataclass(frozen=True)
class Cost:
    """What a change comes to, in minor units: at once, and with the next invoice.

    `waits`: it is made when the period ends, and costs nothing before.
    """

    name: str
    text: str
    quantity: int
    currency: str
    due_now: int
    on_next_invoice: int
    lines: tuple[tuple[str, int], ...]
    renews_at: int
    waits: bool = False


def choices(store: Store, visit: Visit, id_: str) -> list[Choice]:
    """The configured prices of the subscription's own currency."""
    tx = store.reading()
    subscription = own(tx, visit, "subscription", id_)
    current = subscription["items"]["data"][0]["price"]["id"]
    found = []
    for entry in visit.features["subscription_update"]["products"] or []:
        adjusts = entry["adjustable_quantity"]
        most = (adjusts["maximum"] or 999) if adjusts["enabled"] else None
        for price_id in entry["prices"]:
            price = tx.get(price_id, "price")
            if price and price["active"] and price["currency"] == subscription["currency"]:
                name = product_name(tx, price)
                text, mine = price_text(price), price_id == current
                found.append(Choice(price_id, name, text, mine, adjusts["minimum"], most))
    return found


def params_of(tx: Transaction, visit: Visit, subscription: Json, wanted: Wanted) -> Json:
    feature = visit.features["subscription_update"]
    item = subscription["items"]["data"][0]["id"]
    params: Json = {
        "items": [{"id": item, "price": wanted.price, "quantity": wanted.quantity}],
        "proration_behavior": feature["proration_behavior"],
        "payment_behavior": "error_if_incomplete",
    }
    if feature["billing_cycle_anchor"] == "now":
        params["billing_cycle_anchor"] = {"type": "now"}
    if subscription["status"] == "trialing" and feature["trial_update_behavior"] == "end_trial":
        params["trial_end"] = "now"
    reductions = reductions_of(tx, visit, wanted)
    if reductions:
        kept = [{"discount": id_} for id_ in subscription["discounts"]]
        params["discounts"] = kept + reductions
    return params


def reductions_of(tx: Transaction, visit: Visit, wanted: Wanted) -> list[Json]:
    """Those of the flow, and the code that was typed. Errors: 400 for a code that is none."""
    flow = (visit.session["flow"] or {}).get("subscription_update_confirm") or {}
    found = [
        {name: value for name, value in one.items() if value}
        for one in flow.get("discounts") or []
        if not visit.session.get("_done")
    ]
    if wanted.code.strip() and takes_codes(visit):
        code = promotions.by_code(tx, wanted.code, customer=visit.customer)
        if code is None:
            raise invalid(NOT_VALID, param="code")
        found.append({"promotion_code": code["id"]})
    return found


def takes_codes(visit: Visit) -> bool:
    return "promotion_code" in visit.features["subscription_update"]["default_allowed_updates"]


def cost(store: Store, visit: Visit, id_: str, wanted: Wanted) -> Cost:
    """Worked out by making the change and undoing it."""
    with store.writing() as tx, preview.rehearsal(tx) as trial:
        subscription = own(trial, visit, "subscription", id_)
        check(store, visit, id_, wanted.price)
        if portal_schedules.waits(trial, visit, subscription, wanted.price, wanted.quantity):
            return cost_later(trial, subscription, wanted)
        before = waiting(trial, visit)
        last = subscription["latest_invoice"]
        params = params_of(trial, visit, subscription, wanted)
        params["payment_behavior"] = "default_incomplete"
        api.update(trial, params, id_)
        after = trial.need("subscription", id_)
        made = after["latest_invoice"] != last
        invoice = trial.need("invoice", after["latest_invoice"]) if made else None
        billed = invoice["lines"]["data"] if invoice else []
        kept = [item for item in waiting(trial, visit) if item["id"] not in known(before)]
        item = after["items"]["data"][0]
        return Cost(
            name=product_name(trial, item["price"]),
            text=price_text(item["price"]),
            quantity=item.get("quantity", 1),
            currency=after["currency"],
            due_now=invoice["amount_due"] if invoice else 0,
            on_next_invoice=sum(one["amount"] for one in kept),
            lines=tuple((one["description"] or "", one["amount"]) for one in [*billed, *kept]),
            renews_at=subscriptions.current_end(after),
        )


def cost_later(tx: Transaction, subscription: Json, wanted: Wanted) -> Cost:
    price = tx.need("price", wanted.price)
    return Cost(
        name=product_name(tx, price),
        text=price_text(price),
        quantity=wanted.quantity,
        currency=subscription["currency"],
        due_now=0,
        on_next_invoice=0,
        lines=(),
        renews_at=subscriptions.current_end(subscription),
        waits=True,
    )


def known(items: list[Json]) -> set[str]:
    return {item["id"] for item in items}


def waiting(tx: Transaction, visit: Visit) -> list[Json]:
    found = tx.find("invoiceitem", customer=visit.customer)
    return [item for item in found if item.get("invoice") is None][::-1]


def check(store: Store, visit: Visit, id_: str, price: str) -> None:
    if price not in {choice.price for choice in choices(store, visit, id_)}:
        raise invalid("This plan cannot be chosen here.", param="price")


def change(store: Store, visit: Visit, id_: str, wanted: Wanted) -> None:
    """Errors: 402 when the card is declined; nothing has changed then."""
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        check(store, visit, id_, wanted.price)
        later = portal_schedules.waits(tx, visit, subscription, wanted.price, wanted.quantity)
        portal_schedules.let_go(tx, subscription)
        if later:
            portal_schedules.plan(tx, subscription, wanted.price, wanted.quantity)
        else:
            api.update(tx, params_of(tx, visit, subscription, wanted), id_)
