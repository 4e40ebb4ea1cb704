"""The simulator against Stripe's own types: each call, each answer, each event."""

import time
from collections.abc import Iterator

import pytest
import stripe

from stripe_simulator.api.parameters import unsupported
from stripe_simulator.api.routing import OPERATIONS
from stripe_simulator.server import Running, running_simulator
from tests.contracts import (
    billing_stories,
    customer_stories,
    invoice_stories,
    money_stories,
    portal_stories,
    schedule_stories,
    stories,
    tax_stories,
    usage_stories,
)
from tests.contracts.gate import Gate, open_gate
from tests.contracts.operations import anonymous, operations_called
from tests.contracts.plain import http
from tests.contracts.spec import Spec
from tests.engines.patience import PATIENCE

NOON = 1_796_040_000  # 30 November 2026, 12:00 UTC: the months that follow differ in length


@pytest.fixture
def gate(spec: Spec) -> Iterator[Gate]:
    with open_gate(spec) as gate:
        yield gate


@pytest.fixture
def simulator(gate: Gate) -> Iterator[Running]:
    with running_simulator(
        webhook_url=gate.webhook_url, webhook_secret="whsec_contract", now=NOON
    ) as running:
        gate.simulator_url = running.url
        yield running


@pytest.fixture
def api(gate: Gate) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_contract", base_addresses={"api": gate.api_url})


def test_every_operation_and_every_event_is_as_stripe_would_have_it(
    gate: Gate, simulator: Running, api: stripe.StripeClient
) -> None:
    def advance(seconds: int) -> None:
        moved = http.post(f"{simulator.url}/_control/clock/advance", json={"seconds": seconds})
        assert moved.status_code == 200

    goods = stories.sell(api)
    stories.meet_customers(api)
    subscription = stories.check_out(api, goods)
    stories.renew_and_end(api, subscription, advance)
    stories.fail_and_recover(api, goods, advance)
    money_stories.take_payments(api, simulator.url)
    money_stories.save_cards(api, simulator.url)
    billing_stories.tell_all(api, goods, advance)
    invoice_stories.tell_all(api, goods, advance)
    schedule_stories.tell_all(api, goods, advance)
    money_stories.give_back(api, simulator.url)
    money_stories.credit(api, goods.pro)
    portal_stories.visit(api, goods)
    customer_stories.live_on_a_clock(api, goods.pro)
    customer_stories.be_found(api)
    usage_stories.tell_all(api, goods, advance)
    tax_stories.tell_all(api, goods, advance)
    stories.listen(api, gate.webhook_url)

    assert undelivered_after_a_while(simulator) == 0
    assert gate.errors() == []
    assert gate.report.summary()["violations"] == {}
    assert operations_called(gate) == {
        anonymous(f"{operation.method} {operation.path}") for operation in OPERATIONS
    }
    assert events_delivered(gate) == events_kept(simulator)


def test_every_parameter_that_the_simulator_knows_is_one_of_stripes(spec: Spec) -> None:
    strangers: list[str] = []
    for operation in OPERATIONS:
        known = spec.match(operation.method, operation.path.replace("{", "").replace("}", ""))
        assert known is not None, operation.path
        theirs = spec.request_schema(known)["properties"]
        strangers += [
            f"{operation.method} {operation.path}: {name}"
            for name, kind in operation.fields.items()
            if name not in {*theirs, "expand"} and kind is not unsupported
        ]

    refused_by_name = {name for name in strangers if name.endswith(": payment_method_types")}
    assert set(strangers) == refused_by_name


def undelivered_after_a_while(simulator: Running) -> int:
    """How many deliveries nobody has answered with a 2xx."""
    deadline = time.monotonic() + PATIENCE
    while True:
        counts = http.get(f"{simulator.url}/_control/deliveries").json()["counts"]
        waiting: int = counts["pending"] + counts["failed"]
        if waiting == 0 or time.monotonic() > deadline:
            return waiting
        time.sleep(0.05)


def events_delivered(gate: Gate) -> set[str | None]:
    return {row.event for row in gate.report.rows if row.method == "EVENT"}


def events_kept(simulator: Running) -> set[str]:
    kept = http.get(f"{simulator.url}/_control/events").json()["events"]
    return {event["id"] for event in kept}
