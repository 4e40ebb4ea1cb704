"""Invoice items: they wait until the next invoice takes them in as lines."""

from stripe_simulator.objects import invoice as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

MOST_LINES = 250


def pending(
    tx: Transaction, customer: str, *, currency: str, subscription: str | None
) -> list[Json]:
    """What the next invoice takes in, oldest first: the subscription's, and the customer's own."""
    waiting = tx.find("invoiceitem", customer=customer, pending="true")[::-1]
    return [
        item
        for item in waiting
        if item["currency"] == currency and owner(item) in (None, subscription)
    ]


def owner(item: Json) -> str | None:
    """The id of the subscription that it belongs to."""
    parent = item["parent"]
    return parent["subscription_details"]["subscription"] if parent else None


def belong(tx: Transaction, item: Json, subscription: Json) -> None:
    """An item that was not kept yet waits for this subscription's next invoice."""
    item["parent"] = {
        "subscription_details": {"subscription": subscription["id"]},
        "type": "subscription_details",
    }
    tx.add(item, "invoiceitem.created")


def take(tx: Transaction, item: Json, invoice: str) -> Json:
    """The line that the item becomes; from now on it belongs to the invoice."""
    item["invoice"] = invoice
    line = line_of(tx.new_id("line_item"), item, invoice)
    item["_line"] = line["id"]
    if tx.get(item["id"]) is item:
        tx.save(item)
    return line


def line_of(id_: str, item: Json, invoice: str) -> Json:
    line = built.line(
        id_,
        invoice=invoice,
        currency=item["currency"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        amount=item["amount"],
        description=item["description"],
        period=item["period"],
        parent=line_parent(item),
        metadata=item["metadata"],
        subscription=owner(item),
    )
    line["discountable"] = item["discountable"]
    line["discounts"] = list(item["discounts"])
    return line


def line_parent(item: Json) -> Json:
    """A proration belongs to its subscription item, everything else to itself."""
    details = (item["parent"] or {}).get("subscription_details", {})
    common = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": credited(item)},
        "subscription": details.get("subscription"),
    }
    if item["proration"] and details.get("subscription_item"):
        own = common | {"subscription_item": details["subscription_item"]}
        return {
            "invoice_item_details": None,
            "subscription_item_details": own,
            "type": "subscription_item_details",
        }
    return {
        "invoice_item_details": common,
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }


def credited(item: Json) -> Json | None:
    found = item["proration_details"]["credited_items"]
    details: Json | None = found["invoice_line_item_details"] if found else None
    return details


def release(tx: Transaction, invoice: Json) -> None:
    """The draft is deleted: what it had taken in waits again."""
    for item in tx.find("invoiceitem", invoice=invoice["id"]):
        item["invoice"] = None
        tx.save(item)
