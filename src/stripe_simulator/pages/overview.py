"""What the control room shows, read from the store."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stripe_simulator.shapes import Json
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

MOST_EVENTS = 30
MOST_CUSTOMERS = 50
GOOD = frozenset({"active", "trialing", "paid"})
BAD = frozenset({"past_due", "unpaid", "canceled", "incomplete", "incomplete_expired"})
ABOUT_TO = {
    "checkout.expire": "a payment page expires",
    "clock.advance": "a test clock advances",
    "clock.delete": "a test clock is deleted",
    "discount.end": "a discount ends",
    "dispute.lost": "a dispute that nobody answered is lost",
    "invoice.finalize": "an invoice is finalized",
    "invoice.overdue": "an invoice is overdue",
    "invoice.retry": "a payment is tried again",
    "refund.fail": "a refund fails",
    "schedule.advance": "a schedule goes on",
    "schedule.expiring": "a schedule is about to end",
    "subscription.cancel_at": "a subscription ends",
    "subscription.drop_update": "a change that nobody paid for is dropped",
    "subscription.expire": "an unpaid subscription expires",
    "subscription.period_end": "a subscription renews or ends",
    "subscription.resume_collection": "payments are collected again",
    "subscription.trial_will_end": "a trial is about to end",
    "subscription.upcoming": "an invoice is announced",
}


@dataclass(frozen=True)
class Moment:
    """For people and for machines, both in UTC."""

    text: str
    machine: str


@dataclass(frozen=True)
class CustomerRow:
    """One subscription of a customer, or a customer without any."""

    name: str
    customer: str
    subscription: str | None
    plan: str
    status: str
    tone: str
    next: str


@dataclass(frozen=True)
class DeliveryView:
    words: str
    tone: str


@dataclass(frozen=True)
class EventRow:
    type: str
    id: str
    about: str
    at: Moment
    deliveries: list[DeliveryView]


@dataclass(frozen=True)
class Room:
    now: Moment
    is_frozen: bool
    next_up: str | None
    customers: list[CustomerRow]
    events: list[EventRow]


def overview(store: Store) -> Room:
    tx = store.reading()
    customers = tx.select(Selection("customer", limit=MOST_CUSTOMERS))
    events = tx.select(Selection("event", limit=MOST_EVENTS))
    return Room(
        now=moment(store.now()),
        is_frozen=store.clock.frozen_at is not None,
        next_up=_next_up(store),
        customers=[row for customer in customers for row in _customer_rows(tx, customer)],
        events=[_event_row(tx, event) for event in events],
    )


def endpoint_urls(store: Store) -> list[str]:
    """Where events are sent to, oldest endpoint first."""
    endpoints = store.reading().find("webhook_endpoint", status="enabled")
    return [endpoint["url"] for endpoint in reversed(endpoints)]


def moment(seconds: int) -> Moment:
    """`Wed 18 November 2026, 11:06:40 UTC`."""
    at = datetime.fromtimestamp(seconds, UTC)
    return Moment(f"{at:%a} {at.day} {at:%B %Y, %H:%M:%S} UTC", at.isoformat())


def brief_moment(seconds: int) -> Moment:
    """`18 Nov 2026, 11:06`."""
    at = datetime.fromtimestamp(seconds, UTC)
    return Moment(f"{at.day} {at:%b %Y, %H:%M}", at.isoformat())


def _next_up(store: Store) -> str | None:
    timer = store.next_timer()
    if timer is None:
        return None
    what, _, at = timer
    return f"{_day(at)}: {ABOUT_TO.get(what, what)}"


def _day(seconds: int) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.day} {at:%B %Y}"


def _customer_rows(tx: Transaction, customer: Json) -> list[CustomerRow]:
    name = customer["name"] or customer["email"] or "No name"
    subscriptions = tx.find("subscription", customer=customer["id"])
    if not subscriptions:
        return [CustomerRow(name, customer["id"], None, "", "no subscription", "plain", "")]
    return [_subscription_row(tx, name, one) for one in subscriptions]


def _subscription_row(tx: Transaction, name: str, subscription: Json) -> CustomerRow:
    status = str(subscription["status"])
    return CustomerRow(
        name=name,
        customer=subscription["customer"],
        subscription=subscription["id"],
        plan=", ".join(_product_name(tx, item) for item in subscription["items"]["data"]),
        status=status.replace("_", " "),
        tone=_tone(status),
        next=_what_comes_next(subscription),
    )


def _product_name(tx: Transaction, item: Json) -> str:
    product = tx.get(item["price"]["product"], "product") or {}
    return str(product.get("name", item["price"]["id"]))


def _what_comes_next(subscription: Json) -> str:
    if subscription["ended_at"]:
        return f"Ended on {_day(subscription['ended_at'])}"
    if subscription["cancel_at"]:
        return f"Ends on {_day(subscription['cancel_at'])}"
    periods = [item["current_period_end"] for item in subscription["items"]["data"]]
    word = "Trial ends" if subscription["status"] == "trialing" else "Renews"
    return f"{word} on {_day(min(periods))}"


def _tone(status: str) -> str:
    if status in GOOD:
        return "good"
    return "bad" if status in BAD else "plain"


def _event_row(tx: Transaction, event: Json) -> EventRow:
    carried: Any = event["data"]["object"]
    return EventRow(
        type=event["type"],
        id=event["id"],
        about=carried.get("id", carried["object"]),
        at=brief_moment(event["created"]),
        deliveries=_deliveries(tx, event["id"]),
    )


def _deliveries(tx: Transaction, event_id: str) -> list[DeliveryView]:
    rows = tx.db.execute(
        "SELECT d.status, d.attempts, (SELECT a.status FROM attempts a WHERE a.delivery = d.seq"
        " ORDER BY a.seq DESC LIMIT 1) FROM deliveries d WHERE d.event = ? ORDER BY d.seq",
        (event_id,),
    )
    return [_delivery(str(status), attempts, answer) for status, attempts, answer in rows]


def _delivery(status: str, attempts: int, answer: int | None) -> DeliveryView:
    if answer is not None and 200 <= answer < 300:
        return DeliveryView(f"answered {answer}", "good")
    if attempts == 0:
        return DeliveryView("waiting", "plain")
    said = f"answered {answer}" if answer else "no answer"
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    again = ", will retry" if status == "pending" else ""
    return DeliveryView(f"{said}, {tries}{again}", "bad")
