"""Deliveries that go wrong on request, secrets that roll, and a clock that hurries."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
import stripe

from stripe_simulator.server import running_simulator
from tests.engines.patience import PATIENCE
from tests.stripe_simulator.shop import DAY, JANUARY_31, Shop
from tests.stripe_simulator.webhooks.receiver import Receiver, receiving

SECRET = "whsec_of_the_app"


@pytest.fixture
def app() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def shop(app: Receiver) -> Iterator[Shop]:
    with (
        running_simulator(webhook_url=app.url, webhook_secret=SECRET, now=JANUARY_31) as running,
        Shop.at(running.url) as opened,
    ):
        yield opened


def order(shop: Shop, **mischief: object) -> None:
    answer = shop.http.post("/_control/deliveries/mischief", json=mischief)
    assert answer.status_code == 200, answer.text


def flush(shop: Shop) -> None:
    shop.http.post("/_control/deliveries/flush")


def ids(app: Receiver) -> list[str]:
    return [event["id"] for event in app.events()]


def test_deliveries_come_in_another_order_and_none_is_missing(shop: Shop, app: Receiver) -> None:
    order(shop, shuffle=True)
    shop.http.post("/_control/deliveries/pause")
    shop.subscribed()
    sent = [event.id for event in shop.events()]

    shop.http.post("/_control/deliveries/resume")
    flush(shop)

    assert sorted(ids(app)) == sorted(sent)
    assert ids(app) != sent


def test_deliveries_come_twice(shop: Shop, app: Receiver) -> None:
    order(shop, double=True)

    shop.stripe.customers.create({})
    flush(shop)

    assert sorted(Counter(ids(app)).values()) == [2]


def test_deliveries_are_lost_for_good(shop: Shop, app: Receiver) -> None:
    order(shop, drop=1)

    lost = shop.stripe.customers.create({"name": "Lost"})
    flush(shop)
    found = shop.stripe.customers.create({"name": "Found"})
    flush(shop)

    assert [event["data"]["object"]["id"] for event in app.events()] == [found.id]
    counts = shop.http.get("/_control/deliveries").json()["counts"]
    assert (counts["failed"], counts["delivered"]) == (1, 1)
    assert lost.id != found.id


def test_deliveries_come_late(shop: Shop, app: Receiver) -> None:
    order(shop, delay=0.3)
    started = time.monotonic()

    shop.stripe.customers.create({})
    app.wait_for(1)

    assert time.monotonic() - started >= 0.3


def test_a_wrong_signature_is_followed_by_a_right_one(shop: Shop, app: Receiver) -> None:
    order(shop, wrong_signature=1)
    app.answers.append(400)

    shop.stripe.customers.create({})
    app.wait_for(2)

    (body, wrong), (_, right) = app.received
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body.decode(), wrong, SECRET, 300)
    assert stripe.WebhookSignature.verify_header(app.received[1][0].decode(), right, SECRET, 300)


def test_both_secrets_sign_while_one_is_rolled(shop: Shop, app: Receiver) -> None:
    endpoint = shop.stripe.webhook_endpoints.list().data[0].id
    new = shop.http.post(f"/_control/endpoints/{endpoint}/roll", json={"keep_seconds": 60})
    shop.stripe.customers.create({})
    flush(shop)
    newer = shop.http.post(f"/_control/endpoints/{endpoint}/roll", json={"keep_seconds": 0})
    shop.stripe.customers.create({})
    flush(shop)

    (first, both), (second, one) = app.received
    for secret in (SECRET, new.json()["secret"]):
        assert stripe.WebhookSignature.verify_header(first.decode(), both, secret, 300)
    assert stripe.WebhookSignature.verify_header(second.decode(), one, newer.json()["secret"], 300)
    assert one.count("v1=") == 1


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    for wrong in ({"sing": True}, {"delay": "long"}, {"delay": -1}, {"drop": "all"}):
        assert shop.http.post("/_control/deliveries/mischief", json=wrong).status_code == 400
    assert shop.http.post("/_control/clock/speed", json={"times": 0}).status_code == 400
    assert shop.http.get("/_control/deliveries/mischief").json() == {
        "shuffle": False,
        "double": False,
        "delay": 0.0,
        "drop": 0,
        "wrong_signature": 0,
    }


def test_time_runs_faster_when_it_is_told_to(shop: Shop) -> None:
    subscription = shop.subscribed().id

    shop.http.post("/_control/clock/speed", json={"times": 100 * DAY})
    deadline = time.monotonic() + PATIENCE
    while len(shop.invoices(subscription=subscription)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    shop.http.post("/_control/clock/speed", json={"times": 1})

    assert len(shop.invoices(subscription=subscription)) >= 3
    assert shop.http.get("/_control/clock").json()["now"] > JANUARY_31 + 50 * DAY
