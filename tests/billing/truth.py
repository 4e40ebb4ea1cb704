"""What Stripe says, and what follows from it by rules written out by hand.

Nothing here reads a row or calls the code under test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engines.simulators import Json, StripeSide

EVERYBODY = {"community"}
SUBSCRIBERS = {"community", "premium", "exports", "projects", "priority-support"}
LEEWAY = timedelta(days=3)
GRACE = timedelta(days=7)

Rows = Mapping[str, Mapping[str, Any]]
"""Columns by id."""


@dataclass(frozen=True)
class Truth:
    now: datetime
    subscriptions: list[Json]
    invoices: list[Json]
    sessions: list[Json]

    @property
    def subscription(self) -> Json | None:
        if not self.subscriptions:
            return None
        (only,) = self.subscriptions
        return only

    @property
    def paid(self) -> list[Json]:
        return [invoice for invoice in self.invoices if invoice["status"] == "paid"]


def ask_for_truth(stripe: StripeSide, customer_id: str) -> Truth:
    return Truth(
        now=at(stripe.now()),
        subscriptions=stripe.all("/v1/subscriptions", customer=customer_id, status="all"),
        invoices=stripe.all("/v1/invoices", customer=customer_id),
        sessions=stripe.all("/v1/checkout/sessions", customer=customer_id),
    )


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else at(seconds)


def subscription_rows(truth: Truth) -> Rows:
    return {told["id"]: subscription_row(told) for told in truth.subscriptions}


def subscription_row(told: Json) -> Mapping[str, Any]:
    (item,) = told["items"]["data"]
    return {
        "status": told["status"],
        "stripe_price_id": item["price"]["id"],
        "quantity": item["quantity"],
        "created_at": at(told["created"]),
        "current_period_start": at(item["current_period_start"]),
        "current_period_end": at(item["current_period_end"]),
        "cancel_at_period_end": told["cancel_at_period_end"],
        "cancel_at": maybe(told["cancel_at"]),
        "canceled_at": maybe(told["canceled_at"]),
        "ended_at": maybe(told["ended_at"]),
        "cancellation_reason": told["cancellation_details"]["reason"],
        "trial_end": None,
        "latest_invoice_id": told["latest_invoice"],
        "default_payment_method_id": told["default_payment_method"],
        "schedule_id": None,
        "pause_behavior": None,
        "pending_price_id": None,
        "has_discounts": False,
        "ended": told["status"] == "canceled",
        "deleted": False,
    }


def invoice_rows(truth: Truth) -> Rows:
    return {told["id"]: invoice_row(told) for told in truth.invoices}


def invoice_row(told: Json) -> Mapping[str, Any]:
    (line,) = told["lines"]["data"]
    return {
        "subscription_id": told["parent"]["subscription_details"]["subscription"],
        "number": told["number"],
        "status": told["status"],
        "billing_reason": told["billing_reason"],
        "currency": "eur",
        "total": 1200,
        "amount_due": 1200,
        "amount_paid": 1200 if told["status"] == "paid" else 0,
        "attempt_count": told["attempt_count"],
        "created_at": at(told["created"]),
        "finalized_at": maybe(told["status_transitions"]["finalized_at"]),
        "paid_at": maybe(told["status_transitions"]["paid_at"]),
        "covers_until": at(line["period"]["end"]),
        "next_attempt_at": maybe(told["next_payment_attempt"]),
        "hosted_url": told["hosted_invoice_url"],
        "ended": False,
        "deleted": False,
    }


def session_rows(truth: Truth) -> Rows:
    return {told["id"]: session_row(told) for told in truth.sessions}


def session_row(told: Json) -> Mapping[str, Any]:
    return {
        "status": told["status"],
        "payment_status": told["payment_status"],
        "subscription_id": told["subscription"],
        "created_at": at(told["created"]),
        "ended": told["status"] == "expired",
        "deleted": False,
    }


def open_features(truth: Truth) -> set[str]:
    """After the overdue job has looked."""
    return SUBSCRIBERS if lets_in(truth) else EVERYBODY


def lets_in(truth: Truth) -> bool:
    """ARCHITECTURE, "what must always hold", 4."""
    subscription = truth.subscription
    if subscription is None:
        return False
    match subscription["status"]:
        case "active":
            return truth.now < paid_until(truth, subscription)
        case "past_due":
            return truth.now < first_failed(truth) + GRACE
        case "canceled":
            return False
    raise AssertionError(f"The story has no {subscription['status']} subscription.")


def paid_until(truth: Truth, subscription: Json) -> datetime:
    """Exactly the period's end when it was set to cancel, else three days more."""
    period_end = at(subscription["items"]["data"][0]["current_period_end"])
    if subscription["cancel_at_period_end"]:
        return period_end
    return max(at(told["lines"]["data"][0]["period"]["end"]) for told in truth.paid) + LEEWAY


def first_failed(truth: Truth) -> datetime:
    return min(
        at(told["status_transitions"]["finalized_at"])
        for told in truth.invoices
        if told["status"] == "open"
    )


def failed_attempts(truth: Truth) -> set[tuple[str, int]]:
    """(invoice, number of the attempt); a paid one succeeded at its last attempt."""
    return {
        (told["id"], number)
        for told in truth.invoices
        for number in range(1, told["attempt_count"] + (told["status"] != "paid"))
    }
