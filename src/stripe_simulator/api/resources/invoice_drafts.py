"""Invoices that somebody writes: made, changed, sent, given up, deleted."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, names, post
from stripe_simulator.api.resources import discounts
from stripe_simulator.api.resources.invoice_items import not_editable
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.api.resources.tax_fields import (
    AUTOMATIC_TAX,
    RATES,
    automatic,
    check_automatic,
    rates,
)
from stripe_simulator.billing import (
    collection,
    drafts,
    final_taxes,
    invoice_items,
    invoices,
    methods,
    totals,
)
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects.account import CURRENCY
from stripe_simulator.shapes import HOUR, Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import calculated, switched

COMMON = {
    **names(p.text, "default_payment_method", "description", "footer"),
    "auto_advance": p.boolean,
    "collection_method": p.choice("charge_automatically", "send_invoice"),
    "days_until_due": p.between(0, 3650),
    "automatic_tax": AUTOMATIC_TAX,
    "default_tax_rates": RATES,
    "discounts": discounts.GIVEN,
    "due_date": p.moment,
    "metadata": p.metadata,
    **names(
        p.unsupported,
        "account_tax_ids",
        "application_fee_amount",
        "automatically_finalizes_at",
        "custom_fields",
        "default_source",
        "effective_at",
        "issuer",
        "number",
        "on_behalf_of",
        "payment_settings",
        "rendering",
        "shipping_cost",
        "shipping_details",
        "statement_descriptor",
        "transfer_data",
    ),
}
NEW = {
    **COMMON,
    **names(p.filled, "currency", "customer", "subscription"),
    **names(p.unsupported, "customer_account", "from_invoice"),
    "pending_invoice_items_behavior": p.choice("exclude", "include"),
}


def create(tx: Transaction, params: Json) -> Json:
    subscription = None
    if params.get("subscription"):
        subscription = tx.need("subscription", params["subscription"], param="subscription")
        params.setdefault("customer", subscription["customer"])
    if not params.get("customer"):
        raise missing_parameter("customer")
    customer = tx.need("customer", params["customer"], param="customer")
    if subscription:
        invoice = of_subscription(tx, subscription, customer)
    else:
        chosen = currency(params.get("currency") or customer["currency"] or CURRENCY)
        invoice = drafts.blank(tx, customer=customer, currency=chosen)
        if params.get("pending_invoice_items_behavior") == "include":
            invoice["lines"]["data"] = drafts.taken_in(tx, invoice, subscription=None)
    invoice["auto_advance"] = False
    invoice["next_payment_attempt"] = None
    tx.add(invoice)
    settle(tx, invoice, customer, params)
    tx.save(invoice)
    if subscription:
        subscription["latest_invoice"] = invoice["id"]
        tx.save(subscription, "customer.subscription.updated")
    tx.emit("invoice.created", invoice)
    return invoice


def of_subscription(tx: Transaction, subscription: Json, customer: Json) -> Json:
    """Everything that waits for this subscription. Errors: 400 when nothing does."""
    invoice = drafts.draft(
        tx, customer=customer, subscription=subscription, reason="manual", due=[]
    )
    if not invoice["lines"]["data"]:
        raise invalid(
            "Nothing to invoice for subscription", code="invoice_no_subscription_line_items"
        )
    return invoice


def settle(tx: Transaction, invoice: Json, customer: Json, params: Json) -> None:
    """Sets what may be set on a draft, and reckons it again."""
    for name in ("collection_method", "description", "footer", "due_date"):
        if name in params:
            invoice[name] = params[name]
    if "days_until_due" in params:
        invoice["_days_until_due"] = params["days_until_due"]
    if params.get("default_payment_method"):
        method = methods.named(tx, params["default_payment_method"], param="default_payment_method")
        invoice["default_payment_method"] = method["id"]
    if "metadata" in params:
        invoice["metadata"] = p.merged_metadata(invoice["metadata"], params["metadata"])
    if "default_tax_rates" in params:
        given = params["default_tax_rates"]
        invoice["default_tax_rates"] = rates(tx, given, "default_tax_rates")
    set_automatic_tax(tx, invoice, params)
    if "discounts" in params:
        invoice["discounts"] = discounts.ids(
            tx,
            params["discounts"],
            customer=customer["id"],
            kept=invoice["discounts"],
            currency=invoice["currency"],
            invoice=invoice["id"],
        )
    check_dates(invoice, params)
    if "auto_advance" in params:
        advance(tx, invoice, automatic=params["auto_advance"])
    totals.reckon(tx, invoice, customer)


def set_automatic_tax(tx: Transaction, invoice: Json, params: Json) -> None:
    wanted = automatic(tx, params)
    if wanted is not None:
        invoice["automatic_tax"] = calculated(None) | switched(on=wanted)
    if invoice["automatic_tax"]["enabled"]:
        by_hand = invoice["default_tax_rates"]
        check_automatic(tx, (), currency=invoice["currency"], by_hand=by_hand)


def check_dates(invoice: Json, params: Json) -> None:
    sends = invoice["collection_method"] == "send_invoice"
    dated = invoice["due_date"] is not None or invoice.get("_days_until_due") is not None
    if sends and not dated:
        raise invalid(
            "If invoices are sent to the customer, days_until_due or due_date must be given.",
            param="days_until_due",
        )
    if not sends and {"days_until_due", "due_date"} & params.keys():
        raise invalid("days_until_due and due_date are for invoices that are sent.")


def advance(tx: Transaction, invoice: Json, *, automatic: bool) -> None:
    """With `auto_advance` a draft is finalized an hour later by itself."""
    invoice["auto_advance"] = automatic
    at = tx.now + HOUR if automatic else None
    if invoice["status"] != "draft":
        return
    invoice["automatically_finalizes_at"] = at
    invoice["next_payment_attempt"] = (
        at if invoice["collection_method"] == "charge_automatically" else None
    )
    if at:
        tx.schedule("invoice.finalize", invoice["id"], at)
    else:
        tx.unschedule("invoice.finalize", invoice["id"])


def update(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = tx.need("invoice", id_)
    anytime = {"metadata", "auto_advance", "expand"}
    if invoice["status"] != "draft" and set(params) - anytime:
        raise not_editable()
    if invoice["status"] == "draft":
        settle(tx, invoice, tx.need("customer", invoice["customer"]), params)
    else:
        settle_open(invoice, params)
    return tx.save(invoice, "invoice.updated")


def settle_open(invoice: Json, params: Json) -> None:
    if "metadata" in params:
        invoice["metadata"] = p.merged_metadata(invoice["metadata"], params["metadata"])
    if "auto_advance" in params:
        invoice["auto_advance"] = params["auto_advance"]


def remove(tx: Transaction, params: Json, id_: str) -> Json:
    """Only a draft that no subscription made; its items wait again."""
    del params
    invoice = editable(tx, id_)
    if invoice["parent"] and invoice["billing_reason"] != "manual":
        raise invalid("You can't delete invoices created by subscriptions.")
    tx.unschedule("invoice.finalize", id_)
    invoice_items.release(tx, invoice)
    return tx.remove(invoice, "invoice.deleted")


def editable(tx: Transaction, id_: str) -> Json:
    invoice = tx.need("invoice", id_)
    if invoice["status"] != "draft":
        raise not_editable()
    return invoice


def send(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    invoice = tx.need("invoice", id_)
    if invoice["status"] not in ("draft", "open"):
        raise invalid(f"An invoice that is {invoice['status']} cannot be sent.")
    if invoice["status"] == "draft":
        final_taxes.check(tx, invoice)
        invoices.finalize(tx, invoice)
    collection.send(tx, invoice)
    return invoice


def mark_uncollectible(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    invoice = tx.need("invoice", id_)
    if invoice["status"] != "open":
        raise invalid(f"You can only pass in open invoices. This one is {invoice['status']}.")
    collection.mark_uncollectible(tx, invoice, reason="user_forgiven")
    return invoice


OPERATIONS = (
    post("/v1/invoices", create, NEW),
    post("/v1/invoices/{id}", update, COMMON),
    delete("/v1/invoices/{id}", remove),
    post("/v1/invoices/{id}/send", send),
    post("/v1/invoices/{id}/mark_uncollectible", mark_uncollectible),
)
