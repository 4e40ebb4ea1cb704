"""What the portal shows of a customer: plain values, read from the store."""

from dataclasses import dataclass

from stripe_simulator.billing import pricing, seller, subscriptions
from stripe_simulator.billing.drafts import product_name
from stripe_simulator.money import display
from stripe_simulator.shapes import HOUR, Json
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

LIVES_AFTER_USE = HOUR
MOST_INVOICES = 24


@dataclass(frozen=True)
class Visit:
    """An open session, with its configuration's features."""

    session: Json
    features: Json
    headline: str | None
    merchant: str

    @property
    def path(self) -> str:
        return f"/p/session/{self.session['_secret']}"

    @property
    def customer(self) -> str:
        return str(self.session["customer"])

    def allows(self, feature: str) -> bool:
        return bool(self.features[feature]["enabled"])


@dataclass(frozen=True)
class SubscriptionCard:
    """`ends_at` and `renews_at` in unix seconds; `paused` also when only collection is.

    `becomes`: what it will be after this period, when a change waits.
    """

    id: str
    name: str
    price: str
    quantity: int
    status: str
    renews_at: int
    ends_at: int | None
    paused: bool
    becomes: str | None = None


@dataclass(frozen=True)
class CardRow:
    id: str
    brand: str
    last4: str
    expires: str
    is_default: bool


@dataclass(frozen=True)
class InvoiceRow:
    number: str
    at: int
    amount: str
    status: str
    url: str


@dataclass(frozen=True)
class Home:
    subscriptions: tuple[SubscriptionCard, ...]
    cards: tuple[CardRow, ...]
    invoices: tuple[InvoiceRow, ...]
    customer: Json


def visit(store: Store, secret: str) -> Visit | None:
    """None when there is no such session, or its time is over."""
    tx = store.reading()
    found = tx.find("billing_portal.session", _secret=secret)
    if not found or found[0]["_seen"] + LIVES_AFTER_USE < tx.now:
        return None
    session = found[0]
    configuration = tx.need("billing_portal.configuration", session["configuration"])
    customer = tx.get(session["customer"], "customer")
    if customer is None or customer.get("deleted"):
        return None
    return Visit(
        session=session,
        features=configuration["features"],
        headline=configuration["business_profile"]["headline"],
        merchant=seller.name(tx),
    )


def home(store: Store, visit: Visit) -> Home:
    tx = store.reading()
    customer = tx.need("customer", visit.customer)
    live = [
        one
        for one in tx.find("subscription", customer=visit.customer)
        if one["status"] not in subscriptions.ENDED
    ]
    default = default_card(customer, live)
    invoices = tx.select(
        Selection("invoice", where={"customer": [visit.customer]}, limit=MOST_INVOICES)
    )
    return Home(
        subscriptions=tuple(subscription_card(tx, one) for one in live),
        cards=tuple(
            card_row(one, default) for one in tx.find("payment_method", customer=visit.customer)
        ),
        invoices=tuple(invoice_row(one) for one in invoices if one["hosted_invoice_url"]),
        customer=customer,
    )


def default_card(customer: Json, live: list[Json]) -> str | None:
    chosen = [one["default_payment_method"] for one in live if one["default_payment_method"]]
    default: str | None = customer["invoice_settings"]["default_payment_method"]
    return default or (chosen[0] if chosen else None)


def subscription_card(tx: Transaction, subscription: Json) -> SubscriptionCard:
    items = subscription["items"]["data"]
    ends = subscription["cancel_at"]
    return SubscriptionCard(
        id=subscription["id"],
        name=", ".join(product_name(tx, item["price"]) for item in items),
        price=price_text(items[0]["price"]),
        quantity=items[0].get("quantity", 1),
        status=subscription["status"],
        renews_at=subscriptions.current_end(subscription),
        ends_at=ends,
        paused=subscription["status"] == "paused" or subscription["pause_collection"] is not None,
        becomes=planned(tx, subscription),
    )


def planned(tx: Transaction, subscription: Json) -> str | None:
    schedule = tx.get(subscription["schedule"] or "", "subscription_schedule")
    coming = [one for one in schedule["phases"] if one["start_date"] > tx.now] if schedule else []
    if not coming:
        return None
    price = tx.need("price", coming[0]["items"][0]["price"])
    return f"{product_name(tx, price)}, {price_text(price)}"


def price_text(price: Json) -> str:
    recurring = price["recurring"]
    count = recurring["interval_count"]
    every = recurring["interval"] if count == 1 else f"{count} {recurring['interval']}s"
    if pricing.is_metered(price):
        return f"by usage, per {every}"
    if price["unit_amount"] is None:
        return f"by quantity, per {every}"
    return f"{display(price['unit_amount'], price['currency'])} per {every}"


def card_row(method: Json, default: str | None) -> CardRow:
    card = method["card"]
    return CardRow(
        id=method["id"],
        brand=card["brand"].title(),
        last4=card["last4"],
        expires=f"{card['exp_month']:02d}/{card['exp_year']}",
        is_default=method["id"] == default,
    )


def invoice_row(invoice: Json) -> InvoiceRow:
    return InvoiceRow(
        number=invoice["number"],
        at=invoice["created"],
        amount=display(invoice["total"], invoice["currency"]),
        status=invoice["status"],
        url=invoice["hosted_invoice_url"],
    )
