"""Editing the items of a subscription; what that costs is told elsewhere (`changes`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stripe_simulator.billing import usage
from stripe_simulator.objects import subscription as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class Edit:
    """One item: an old one (`id`) to be changed or deleted, or a new one."""

    id: str | None = None
    price: Json | None = None
    quantity: int | None = None
    deleted: bool = False
    metadata: Mapping[str, str] | None = None
    discounts: Sequence[str] | None = None
    tax_rates: Sequence[Json] | None = None


def edit_items(tx: Transaction, subscription: Json, edits: Sequence[Edit]) -> None:
    items = {item["id"]: item for item in subscription["items"]["data"]}
    for edit in edits:
        if edit.id and edit.deleted:
            items.pop(edit.id)
        elif edit.id:
            edit_item(subscription, items[edit.id], edit, tx.now)
        else:
            item = new_item(tx, subscription, edit)
            items[item["id"]] = item
            usage.count_from(subscription, item, tx.now)
    subscription["items"]["data"] = list(items.values())


def edit_item(subscription: Json, item: Json, edit: Edit, now: int) -> None:
    if edit.price and edit.price["id"] != item["price"]["id"]:
        built.set_price(item, edit.price)
        usage.count_from(subscription, item, now)
    if edit.quantity is not None and "quantity" in item:
        item["quantity"] = edit.quantity
    if edit.tax_rates is not None:
        item["tax_rates"] = list(edit.tax_rates)
    if edit.metadata is not None:
        item["metadata"] = dict(edit.metadata)
    if edit.discounts is not None:
        item["discounts"] = list(edit.discounts)


def new_item(tx: Transaction, subscription: Json, edit: Edit) -> Json:
    assert edit.price is not None  # noqa: S101 -- checked where it was asked for
    item = built.subscription_item(
        tx.new_id("subscription_item"),
        subscription=subscription["id"],
        price=edit.price,
        quantity=1 if edit.quantity is None else edit.quantity,
        metadata=dict(edit.metadata or {}),
        tax_rates=list(edit.tax_rates or ()),
        now=tx.now,
    )
    item["discounts"] = list(edit.discounts or ())
    return item


def leaving(subscription: Json, edits: Sequence[Edit]) -> list[Json]:
    """The items, as they are now, whose price is going to be another one or none."""
    by_id = {edit.id: edit for edit in edits}
    found = []
    for item in subscription["items"]["data"]:
        edit = by_id.get(item["id"])
        if edit and (edit.deleted or (edit.price and edit.price["id"] != item["price"]["id"])):
            found.append(item)
    return found


def changed_items(old: Sequence[Json], new: Sequence[Json]) -> list[Json]:
    """Every item, old or new, whose price or quantity is not what it was."""
    before = {item["id"]: (item["price"]["id"], item.get("quantity")) for item in old}
    after = {item["id"]: (item["price"]["id"], item.get("quantity")) for item in new}
    return [item for item in [*old, *new] if before.get(item["id"]) != after.get(item["id"])]
