"""Whatever is called in whatever order, and however time passes: the books are right."""

import contextlib
import json
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_simulator.api.resources import (
    checkout_sessions,
    coupons,
    customers,
    invoices,
    prices,
    subscription_pauses,
    subscriptions,
)
from stripe_simulator.billing.payments import APPROVED
from stripe_simulator.cards import DECLINES, CardDetails
from stripe_simulator.checkout import pay
from stripe_simulator.errors import StripeError
from stripe_simulator.passing import run_due
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.transaction import Transaction, public
from tests.stripe_simulator.shop import DAY, FAILS_LATER, GOOD, JANUARY_31

FOLLOWED = ("subscription", "invoice", "payment_intent", "charge")
"""Objects that their events tell everything about."""

buying = st.tuples(
    st.just("buy"),
    st.sampled_from([GOOD, FAILS_LATER]),
    st.sampled_from([None, 1, 5]),
    st.integers(1, 3),
)
waiting = st.tuples(st.just("wait"), st.integers(1, 45 * 24))
failing = st.tuples(st.just("card"), st.sampled_from([APPROVED, *DECLINES]), st.integers(1, 3))
changing = st.tuples(st.sampled_from(["end", "stay", "cancel", "pay"]), st.integers(0, 5))


moving = st.tuples(
    st.just("move"),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(1, 4),
    st.sampled_from(["create_prorations", "always_invoice", "none"]),
    st.sampled_from(["allow_incomplete", "pending_if_incomplete", "error_if_incomplete"]),
)
reducing = st.tuples(st.just("reduce"), st.integers(0, 5), st.sampled_from([5, 33.33, 50, 100]))
pausing = st.tuples(st.sampled_from(["pause", "resume", "settle"]), st.integers(0, 5))
PRICES = ((999, "month"), (2500, "month"), (0, "month"), (9900, "year"))


class Story:
    def __init__(self) -> None:
        self.simulator = Simulator(
            state=None,
            base_url="http://sim.example",
            webhook_url=None,
            webhook_secret=None,
            now=JANUARY_31,
        )
        self.store = self.simulator.store
        with self.store.writing() as tx:
            self.customer = customers.create(tx, {"email": "ada@example.com"})["id"]
            self.prices = [
                prices.create(
                    tx,
                    {
                        "currency": "eur",
                        "unit_amount": amount,
                        "recurring": {"interval": interval},
                        "product_data": {"name": "Pro"},
                    },
                )["id"]
                for amount, interval in PRICES
            ]
        self.price = self.prices[0]
        self.moved: set[str] = set()

    def play(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("buy", card, trial, quantity):
                self.buy(card, trial, quantity)
            case ("wait", hours):
                until = self.store.now() + hours * 3600
                run_due(self.store, until=until)
                self.store.move_clock(until)
            case ("card", outcome, times):
                self.store.db.execute(
                    "INSERT INTO card_plans (customer, outcome, remaining) VALUES (?, ?, ?)",
                    (self.customer, outcome, times),
                )
            case ("end" | "stay" as what, which):
                self.change(which, subscriptions.update, cancel_at_period_end=what == "end")
            case ("cancel", which):
                self.change(which, subscriptions.cancel)
            case ("pay", which):
                self.pay_invoice(which)
            case _:
                self.alter(step)

    def alter(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("move", which, price, quantity, proration, payment):
                self.move(which, self.prices[price], quantity, proration, payment)
            case ("reduce", which, percent):
                self.reduce(which, percent)
            case ("pause", which):
                self.change(which, subscription_pauses.pause)
            case ("resume", which):
                self.change(which, subscription_pauses.resume)
            case ("settle", which):
                self.change(which, subscriptions.cancel, prorate=True, invoice_now=True)

    def buy(self, card: str, trial: int | None, quantity: int) -> None:
        params: dict[str, Any] = {
            "mode": "subscription",
            "customer": self.customer,
            "success_url": "http://shop.example",
            "line_items": [{"price": self.price, "quantity": quantity}],
        }
        if trial:
            params["subscription_data"] = {"trial_period_days": trial}
        with self.store.writing() as tx:
            session = checkout_sessions.create(tx, params)["id"]
        pay(self.store, session, card=CardDetails(card, 12, 2030, "123"))

    def change(self, which: int, call: Any, **params: Any) -> None:
        found = self.all("subscription")
        if found:
            id_ = found[which % len(found)]["id"]
            if {"items", "discounts"} & params.keys() or call in (
                subscription_pauses.pause,
                subscription_pauses.resume,
            ):
                self.moved.add(id_)
            self.attempt(call, params, id_)

    def move(self, which: int, price: str, quantity: int, proration: str, payment: str) -> None:
        found = self.all("subscription")
        if not found:
            return
        chosen = found[which % len(found)]
        item = {"id": chosen["items"]["data"][0]["id"], "price": price, "quantity": quantity}
        how = {"proration_behavior": proration, "payment_behavior": payment}
        self.change(which, subscriptions.update, items=[item], **how)

    def reduce(self, which: int, percent: float) -> None:
        with self.store.writing() as tx:
            coupon = coupons.create(tx, {"percent_off": percent, "duration": "once"})["id"]
        self.change(which, subscriptions.update, discounts=[{"coupon": coupon}])

    def pay_invoice(self, which: int) -> None:
        waiting = [one for one in self.all("invoice") if one["status"] in ("draft", "open")]
        if waiting:
            self.attempt(invoices.pay, {}, waiting[which % len(waiting)]["id"])

    def attempt(self, call: Any, params: dict[str, Any], id_: str) -> None:
        """A refusal is an answer, too."""
        with contextlib.suppress(StripeError), self.store.writing() as tx:
            call(tx, params, id_)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return self.reading().find(kind)[::-1]

    def reading(self) -> Transaction:
        return self.store.reading()


def check_amounts(story: Story) -> None:
    for invoice in story.all("invoice"):
        lines = invoice["lines"]["data"]
        off = sum(one["amount"] for one in invoice["total_discount_amounts"])
        assert invoice["subtotal"] == sum(line["amount"] for line in lines)
        assert invoice["total"] == invoice["subtotal"] - off
        assert off == sum(one["amount"] for line in lines for one in line["discount_amounts"])
        assert invoice["amount_due"] == invoice["amount_paid"] + invoice["amount_remaining"]
        intents = {
            payment["payment"]["payment_intent"]
            for payment in story.reading().find("invoice_payment", invoice=invoice["id"])
        }
        charged = sum(
            charge["amount"]
            for charge in story.all("charge")
            if charge["payment_intent"] in intents and charge["status"] == "succeeded"
        )
        assert invoice["amount_paid"] == charged


def check_nobody_is_billed_after_the_end(story: Story) -> None:
    for subscription in story.all("subscription"):
        if subscription["ended_at"] is None:
            continue
        for invoice in story.reading().find("invoice", subscription=subscription["id"]):
            assert invoice["created"] <= subscription["ended_at"]
            if invoice["status"] in ("draft", "open"):
                assert invoice["next_payment_attempt"] is None


def check_periods_follow_each_other(story: Story) -> None:
    for subscription in story.all("subscription"):
        if subscription["id"] in story.moved:
            continue
        found = story.reading().find("invoice", subscription=subscription["id"])[::-1]
        periods = [
            line["period"]
            for invoice in found
            for line in invoice["lines"]["data"]
            if not line["parent"]["subscription_item_details"]["proration"]
        ]
        for earlier, later in pairwise(periods):
            assert earlier["end"] == later["start"]


def check_the_balance_is_what_the_invoices_left(story: Story) -> None:
    moves = story.all("customer_balance_transaction")
    customer = story.reading().need("customer", story.customer)
    assert customer["balance"] == sum(move["amount"] for move in moves)
    assert customer["balance"] <= 0


def check_events_rebuild_everything(story: Story) -> None:
    told: dict[str, Any] = {}
    for event in story.all("event"):
        thing = event["data"]["object"]
        told[thing.get("id", "")] = thing
    for kind in FOLLOWED:
        for thing in story.all(kind):
            assert told[thing["id"]] == json.loads(json.dumps(public(thing)))


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.one_of(buying, waiting, failing, changing, moving, reducing, pausing),
        min_size=3,
        max_size=14,
    )
)
def test_the_books_are_right_after_any_story(steps: list[tuple[Any, ...]]) -> None:
    story = Story()

    for step in [("buy", GOOD, None, 1), *steps]:
        story.play(step)
    story.play(("wait", 40 * 24))

    check_amounts(story)
    check_nobody_is_billed_after_the_end(story)
    check_periods_follow_each_other(story)
    check_the_balance_is_what_the_invoices_left(story)
    check_events_rebuild_everything(story)
    assert story.store.now() >= JANUARY_31 + 40 * DAY
    story.store.close()
