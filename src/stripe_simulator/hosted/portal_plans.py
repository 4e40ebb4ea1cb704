"""Changing the plan in the portal: what there is to choose, what it would cost, doing it."""

from dataclasses import dataclass

from stripe_simulator.api.resources import subscriptions as api
from stripe_simulator.billing import preview, subscriptions
from stripe_simulator.billing.drafts import product_name
from stripe_simulator.errors import invalid
from stripe_simulator.hosted.portal import Visit, price_text
from stripe_simulator.hosted.portal_actions import own
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction


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
class Cost:
    """What a change comes to, in minor units: at once, and with the next invoice."""

    name: str
    text: str
    quantity: int
    currency: str
    due_now: int
    on_next_invoice: int
    lines: tuple[tuple[str, int], ...]
    renews_at: int


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


def params_of(visit: Visit, subscription: Json, price: str, quantity: int) -> Json:
    feature = visit.features["subscription_update"]
    item = subscription["items"]["data"][0]["id"]
    params: Json = {
        "items": [{"id": item, "price": price, "quantity": quantity}],
        "proration_behavior": feature["proration_behavior"],
        "payment_behavior": "error_if_incomplete",
    }
    if feature["billing_cycle_anchor"] == "now":
        params["billing_cycle_anchor"] = {"type": "now"}
    if subscription["status"] == "trialing" and feature["trial_update_behavior"] == "end_trial":
        params["trial_end"] = "now"
    return params


def cost(store: Store, visit: Visit, id_: str, *, price: str, quantity: int) -> Cost:
    """Worked out by making the change and undoing it."""
    with store.writing() as tx, preview.rehearsal(tx) as trial:
        subscription = own(trial, visit, "subscription", id_)
        check(store, visit, id_, price)
        before = waiting(trial, visit)
        last = subscription["latest_invoice"]
        params = params_of(visit, subscription, price, quantity)
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


def known(items: list[Json]) -> set[str]:
    return {item["id"] for item in items}


def waiting(tx: Transaction, visit: Visit) -> list[Json]:
    found = tx.find("invoiceitem", customer=visit.customer)
    return [item for item in found if item.get("invoice") is None][::-1]


def check(store: Store, visit: Visit, id_: str, price: str) -> None:
    if price not in {choice.price for choice in choices(store, visit, id_)}:
        raise invalid("This plan cannot be chosen here.", param="price")


def change(store: Store, visit: Visit, id_: str, *, price: str, quantity: int) -> None:
    """Errors: 402 when the card is declined; nothing has changed then."""
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        check(store, visit, id_, price)
        api.update(tx, params_of(visit, subscription, price, quantity), id_)
