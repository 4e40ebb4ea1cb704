"""Updates of a subscription and of its items, from parameters to a change."""

from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.resources import discounts, prices
from stripe_simulator.api.resources.tax_fields import check_automatic, rates
from stripe_simulator.billing import changes, pricing, subscriptions
from stripe_simulator.billing.changes import Change
from stripe_simulator.billing.item_edits import Edit
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

ASKED = ("items", "billing_cycle_anchor", "trial_end", "proration_date")


def change_of(tx: Transaction, subscription: Json, params: Json) -> Change:
    """Errors: 400 for an item or price that does not fit, a date outside of the period."""
    edits = [
        edit_of(tx, subscription, item, f"items[{index}]")
        for index, item in enumerate(params.get("items", []))
    ]
    trial = params.get("trial_end")
    return Change(
        at=proration_date(subscription, params, tx.now),
        edits=edits,
        proration=params.get("proration_behavior") or "create_prorations",
        payment=params.get("payment_behavior") or "allow_incomplete",
        anchor_now=(params.get("billing_cycle_anchor") or {}).get("type") == "now",
        trial_end=future(trial, "trial_end", tx.now) if trial not in (None, "now") else None,
        trial_now=trial == "now" and subscription["status"] == "trialing",
    )


def future(value: Any, path: str, now: int) -> int:
    moment = p.moment(value, path)
    if moment <= now:
        raise invalid("Timestamp must be in the future.", param=path)
    return moment


def proration_date(subscription: Json, params: Json, now: int) -> int:
    """Prorations count from this second; now, unless another one of the period is given."""
    given: int | None = params.get("proration_date")
    if given is None:
        return now
    start, end = subscriptions.current_start(subscription), subscriptions.current_end(subscription)
    if not start <= given <= end:
        raise invalid(
            "Invalid proration_date: it must be within the current billing period"
            f" ({start} to {end}).",
            param="proration_date",
        )
    return given


def edit_of(tx: Transaction, subscription: Json, item: Json, path: str) -> Edit:
    known = known_item(subscription, item, path)
    if known and item.get("deleted"):
        return Edit(known["id"], deleted=True)
    price = price_of(tx, item, path)
    if known is None and price is None:
        raise invalid(f"Missing required param: {path}[price].", param=f"{path}[price]")
    metadata = None
    if "metadata" in item:
        metadata = p.merged_metadata(known["metadata"] if known else {}, item["metadata"])
    check_quantity(price or (known or {})["price"], item, path)
    return Edit(
        known["id"] if known else None,
        price=price,
        quantity=item.get("quantity"),
        metadata=metadata,
        discounts=discounts.given_to_item(tx, subscription, known, item, path),
        tax_rates=rates(tx, item["tax_rates"], f"{path}[tax_rates]")
        if "tax_rates" in item
        else None,
    )


def known_item(subscription: Json, item: Json, path: str) -> Json | None:
    id_ = item.get("id")
    if id_ is None:
        return None
    for one in subscription["items"]["data"]:
        if one["id"] == id_:
            found: Json = one
            return found
    raise missing_resource("subscription_item", id_, param=f"{path}[id]")


def price_of(tx: Transaction, item: Json, path: str) -> Json | None:
    if item.get("price_data"):
        data = item["price_data"]
        tx.need("product", data["product"], param=f"{path}[price_data][product]")
        price = prices.create(tx, data)
        price["active"] = False
        return tx.save(price)
    if not item.get("price"):
        return None
    price = tx.need("price", item["price"], param=f"{path}[price]")
    if not price["recurring"]:
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices"
            f" with `type=recurring`: {price['id']}",
            param=f"{path}[price]",
        )
    return price


def apply(tx: Transaction, subscription: Json, customer: Json, change: Change) -> None:
    """Checks what the subscription would become, then makes it so."""
    check(tx, subscription, change)
    changes.apply(tx, subscription, customer, change)
    check_taxes(tx, subscription)


def check(tx: Transaction, subscription: Json, change: Change) -> None:
    gone = {edit.id for edit in change.edits if edit.deleted}
    edited = {edit.id: edit for edit in change.edits if edit.id}
    left = [
        (edited[item["id"]].price if item["id"] in edited else None) or item["price"]
        for item in subscription["items"]["data"]
        if item["id"] not in gone
    ]
    left += [edit.price for edit in change.edits if edit.id is None and edit.price]
    if not left:
        raise invalid(
            "A subscription must have at least one active plan. In order to cancel a subscription,"
            " please use the cancel API endpoint.",
            param="items",
        )
    check_alike(tx, left, currency=subscription["currency"])


def check_alike(tx: Transaction, found: list[Json], *, currency: str) -> None:
    """Errors: 400 for the same price twice, or one that is not sold in the currency."""
    if len({price["id"] for price in found}) < len(found):
        raise invalid("Cannot add multiple subscription items with the same plan.", param="items")
    if not all(pricing.sells_in(tx, price, currency) for price in found):
        raise invalid("All prices of a subscription must have the same currency.", param="items")


def check_taxes(tx: Transaction, subscription: Json) -> None:
    """Errors: 400 for items of which automatic tax cannot be counted."""
    if not subscription["automatic_tax"]["enabled"]:
        return
    items = subscription["items"]["data"]
    by_hand = [*subscription["default_tax_rates"]]
    by_hand += [rate for item in items for rate in item["tax_rates"]]
    found = [pricing.stored(tx, item["price"]) for item in items]
    check_automatic(tx, found, currency=subscription["currency"], by_hand=by_hand)


def check_quantity(price: Json, item: Json, path: str) -> None:
    if pricing.is_metered(price) and item.get("quantity") is not None:
        raise invalid(
            "You cannot set the quantity for metered plans.",
            param=f"{path}[quantity]",
        )
