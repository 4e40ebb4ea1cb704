"""`create_preview`: the change is made, its invoice is read, and everything is taken back."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names, post
from stripe_simulator.api.resources import discounts, preview_customers, subscription_changes
from stripe_simulator.api.resources.invoice_item_fields import LINE, made
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.api.resources.subscription_fields import ITEM, PRORATION
from stripe_simulator.api.resources.tax_fields import AUTOMATIC_TAX, RATES, automatic, rates
from stripe_simulator.billing import canceling, drafts, preview, subscriptions, totals
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.objects.account import CURRENCY
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import switched

ANCHOR = p.hash_of(
    {"type": p.choice("now", "unchanged"), "timestamp": p.unsupported}, required=("type",)
)
DETAILS = {
    **names(p.boolean, "cancel_at_period_end", "cancel_now"),
    "billing_cycle_anchor": ANCHOR,
    "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
    "items": p.array(p.hash_of(ITEM)),
    "proration_behavior": PRORATION,
    "default_tax_rates": RATES,
    "proration_date": p.moment,
    "trial_end": p.text,
    **names(
        p.unsupported,
        "billing_schedules",
        "cancel_at",
        "metadata",
        "pause",
        "resume_at",
        "start_date",
    ),
}
EXTRA = p.hash_of({**LINE, "currency": p.filled, "price": p.filled, "invoiceitem": p.unsupported})
FIELDS = {
    **names(p.filled, "currency", "customer", "subscription"),
    "discounts": discounts.GIVEN,
    "invoice_items": p.array(EXTRA),
    "preview_mode": p.choice("next", "recurring"),
    "subscription_details": p.hash_of(DETAILS),
    "automatic_tax": AUTOMATIC_TAX,
    "customer_details": preview_customers.DETAILS,
    **names(
        p.unsupported,
        "customer_account",
        "issuer",
        "on_behalf_of",
        "schedule",
        "schedule_details",
    ),
}


def create(tx: Transaction, params: Json) -> Json:
    with preview.rehearsal(tx) as trial:
        invoice = rehearsed(trial, params)
    preview.keep_rates(tx, trial, invoice)
    return preview.as_preview(tx, invoice)


def rehearsed(tx: Transaction, params: Json) -> Json:
    subscription = subscription_of(tx, params)
    if subscription and subscription["status"] in subscriptions.ENDED:
        raise nothing_upcoming()
    customer = preview_customers.customer_of(tx, params, subscription)
    add_items(tx, params, customer)
    details = params.get("subscription_details") or {}
    if subscription is None and details.get("items"):
        return first_invoice(tx, params, details, customer)
    if subscription is None:
        return loose_items(tx, params, customer)
    if "discounts" in params:
        discounts.set_on(tx, subscription, params["discounts"])
    if "automatic_tax" in params:
        subscription["automatic_tax"] = switched(on=bool(automatic(tx, params)))
    return next_invoice(tx, params, details, subscription, customer)


def subscription_of(tx: Transaction, params: Json) -> Json | None:
    """The one that is named, or the customer's that renews first."""
    if params.get("subscription"):
        return tx.need("subscription", params["subscription"], param="subscription")
    if not params.get("customer") or (params.get("subscription_details") or {}).get("items"):
        return None
    live = tx.find(
        "subscription", customer=params["customer"], status=["active", "trialing", "past_due"]
    )
    return min(live, key=subscriptions.current_end) if live else None


def add_items(tx: Transaction, params: Json, customer: Json) -> None:
    for extra in params.get("invoice_items", []):
        known = params.get("currency") or customer["currency"]
        tx.add(made(tx, extra, customer=customer["id"], currency=known))


def first_invoice(tx: Transaction, params: Json, details: Json, customer: Json) -> Json:
    """Of a subscription that is not there yet."""
    wanted = []
    for index, item in enumerate(details["items"]):
        price = subscription_changes.price_of(tx, item, f"subscription_details[items][{index}]")
        if price is None:
            raise invalid("Every item of a new subscription has a price.")
        given = tuple(item.get("discounts", ()))
        taxes = rates(tx, item.get("tax_rates", []), "subscription_details[items][tax_rates]")
        wanted.append(subscriptions.Wanted(price, item.get("quantity", 1), {}, given, taxes))
    chosen = wanted[0].price["currency"]
    subscription_changes.check_alike(tx, [one.price for one in wanted], currency=chosen)
    trial = details.get("trial_end")
    made_one, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=wanted,
        trial_end=None
        if trial in (None, "now")
        else subscription_changes.future(trial, "subscription_details[trial_end]", tx.now),
        collects=False,
        discounts=params.get("discounts"),
        default_tax_rates=rates(
            tx, details.get("default_tax_rates", []), "subscription_details[default_tax_rates]"
        ),
        automatic_tax=switched(on=bool(automatic(tx, params))),
    )
    subscription_changes.check_taxes(tx, made_one)
    if made_one["latest_invoice"] is None:
        return preview.renewal(tx, made_one, customer)
    return tx.need("invoice", made_one["latest_invoice"])


def loose_items(tx: Transaction, params: Json, customer: Json) -> Json:
    chosen = currency(params.get("currency") or customer["currency"] or CURRENCY)
    invoice = drafts.blank(tx, customer=customer, currency=chosen)
    invoice["automatic_tax"]["enabled"] = bool(automatic(tx, params))
    invoice["lines"]["data"] = drafts.taken_in(tx, invoice, subscription=None)
    if not invoice["lines"]["data"]:
        raise nothing_upcoming()
    invoice["discounts"] = discounts.ids(
        tx, params.get("discounts", []), customer=customer["id"], kept=[], currency=chosen
    )
    return totals.reckon(tx, invoice, customer)


def next_invoice(
    tx: Transaction, params: Json, details: Json, subscription: Json, customer: Json
) -> Json:
    """The one that the change brings at once, else that of the renewal."""
    before = subscription["latest_invoice"]
    if "default_tax_rates" in details:
        where = "subscription_details[default_tax_rates]"
        subscription["default_tax_rates"] = rates(tx, details["default_tax_rates"], where)
    if details.get("cancel_now"):
        prorates = details.get("proration_behavior") != "none"
        canceling.now(tx, subscription, prorates=prorates, invoices_now=True)
    elif any(name in details for name in subscription_changes.ASKED):
        change = subscription_changes.change_of(tx, subscription, details)
        subscription_changes.apply(tx, subscription, customer, change)
    if subscription["latest_invoice"] != before:
        return tx.need("invoice", subscription["latest_invoice"])
    if subscription["status"] in ("canceled", "paused"):
        raise nothing_upcoming()
    ends = details.get("cancel_at_period_end", subscription["cancel_at_period_end"])
    if ends and not canceling.waiting(tx, subscription):
        raise nothing_upcoming()
    recurring = params.get("preview_mode") == "recurring"
    return preview.renewal(tx, subscription, customer, periods=not ends, pending=not recurring)


def nothing_upcoming() -> StripeError:
    return StripeError(404, "No upcoming invoices for customer", code="invoice_upcoming_none")


OPERATIONS = (post("/v1/invoices/create_preview", create, FIELDS),)
