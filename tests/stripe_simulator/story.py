"""A random story: somebody buys, changes, uses, pays and ends, while time passes."""

import contextlib
from decimal import Decimal
from typing import Any

from stripe_simulator.api.resources import (
    checkout_sessions,
    coupons,
    customers,
    invoices,
    meter_events,
    meters,
    prices,
    refunds,
    subscription_pauses,
    subscriptions,
    tax_rates,
)
from stripe_simulator.billing import refunds as bank
from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout import pay
from stripe_simulator.errors import StripeError
from stripe_simulator.passing import run_due
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.transaction import Transaction
from tests.stripe_simulator.shop import JANUARY_31

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
        self.sell_more()
        self.moved: set[str] = set()

    def sell_more(self) -> None:
        """A price that is metered, by tiers, and a tax to be added to it."""
        with self.store.writing() as tx:
            meter = meters.create(
                tx,
                {
                    "display_name": "Calls",
                    "event_name": "calls",
                    "default_aggregation": {"formula": "sum"},
                },
            )
            self.metered = prices.create(
                tx,
                {
                    "currency": "eur",
                    "billing_scheme": "tiered",
                    "tiers_mode": "graduated",
                    "tiers": [
                        {"up_to": 500, "unit_amount": 3},
                        {"up_to": None, "unit_amount_decimal": Decimal("1.5")},
                    ],
                    "recurring": {
                        "interval": "month",
                        "usage_type": "metered",
                        "meter": meter["id"],
                    },
                    "product_data": {"name": "Calls"},
                },
            )["id"]
            vat = {"display_name": "VAT", "percentage": Decimal("8.25"), "inclusive": False}
            self.tax = tax_rates.create(tx, vat)["id"]

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
            case ("pause" | "resume" as what, which):
                self.change(which, getattr(subscription_pauses, what))
            case ("use", value):
                self.use(value)
            case ("refund", which, tenths, fails):
                self.give_back(which, tenths, fails=fails)
            case ("mix", which):
                for price in (self.metered, self.prices[-1]):
                    self.change(which, subscriptions.update, items=[{"price": price}])
            case ("tax" | "untax" as what, which):
                given = [self.tax] if what == "tax" else []
                self.change(which, subscriptions.update, default_tax_rates=given)
            case ("settle", which):
                self.change(which, subscriptions.cancel, prorate=True, invoice_now=True)

    def use(self, value: int) -> None:
        payload = {"stripe_customer_id": self.customer, "value": str(value)}
        with self.store.writing() as tx:
            meter_events.create(tx, {"event_name": "calls", "payload": payload})

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

    def give_back(self, which: int, tenths: int, *, fails: bool) -> None:
        """A part of a charge; the bank may send it back."""
        paid = [one for one in self.all("charge") if one["status"] == "succeeded"]
        if not paid:
            return
        charge = paid[which % len(paid)]
        with contextlib.suppress(StripeError), self.store.writing() as tx:
            amount = max(charge["amount"] * tenths // 40, 1)
            made = refunds.create(tx, {"charge": charge["id"], "amount": amount})
            if fails:
                bank.fail(tx, made, reason="unknown")

    def attempt(self, call: Any, params: dict[str, Any], id_: str) -> None:
        """A refusal is an answer, too."""
        with contextlib.suppress(StripeError), self.store.writing() as tx:
            call(tx, params, id_)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return self.reading().find(kind)[::-1]

    def reading(self) -> Transaction:
        return self.store.reading()
