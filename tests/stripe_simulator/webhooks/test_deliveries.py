import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from stripe_simulator.server import running_simulator
from tests.stripe_simulator.shop import JANUARY_31, Shop
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


def log(shop: Shop) -> Any:
    return shop.http.get("/_control/deliveries").json()


def flush(shop: Shop) -> dict[str, int]:
    counts: dict[str, int] = shop.http.post("/_control/deliveries/flush").json()["counts"]
    return counts


def test_every_event_arrives_signed_and_in_order(shop: Shop, app: Receiver) -> None:
    shop.subscribed()

    counts = flush(shop)

    assert app.types() == [event.type for event in shop.events()]
    assert counts == {"pending": 0, "delivered": len(app.received), "failed": 0}
    app.verify(SECRET)


def test_a_signature_of_another_secret_does_not_verify(shop: Shop, app: Receiver) -> None:
    shop.stripe.customers.create({})
    flush(shop)

    with pytest.raises(stripe.SignatureVerificationError):
        app.verify("whsec_of_another")


def test_the_page_leads_on_only_after_the_app_was_told(shop: Shop, app: Receiver) -> None:
    session = shop.session(shop.monthly())

    shop.pay(session.id)

    assert app.types()[-1] == "checkout.session.completed"


def test_months_of_events_arrive_in_order_after_an_advance(shop: Shop, app: Receiver) -> None:
    shop.subscribed()
    shop.advance_to("2026-06-15 00:00")

    flush(shop)

    seconds = [event["created"] for event in app.events()]
    assert seconds == sorted(seconds)
    assert app.types().count("invoice.paid") == 5


def test_a_refused_event_comes_again_with_a_fresh_signature(shop: Shop, app: Receiver) -> None:
    app.answers = [500]
    shop.stripe.customers.create({})

    app.wait_for(2)
    flush(shop)

    (delivery,) = log(shop)["deliveries"]
    assert app.events()[0]["id"] == app.events()[1]["id"]
    assert delivery["status"] == "delivered"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 200]
    app.verify(SECRET)


def test_a_refused_event_is_tried_again_as_simulated_time_passes(shop: Shop, app: Receiver) -> None:
    app.answers = [500] * 7
    shop.stripe.customers.create({})
    while len(attempts(shop)) < 3:  # after 1 s and 5 s, which may pass by themselves
        shop.advance(seconds=5)
        flush(shop)
    begun = attempts(shop)[2]["simulated"]

    for pause in (30, 120, 600, 3600, 3 * 3600):
        shop.advance(seconds=pause - 1)
        shop.advance(seconds=1)
        flush(shop)

    assert [one["simulated"] - begun for one in attempts(shop)[3:]] == [30, 150, 750, 4350, 15150]
    assert log(shop)["deliveries"][0]["status"] == "delivered"


def attempts(shop: Shop) -> list[Any]:
    (delivery,) = log(shop)["deliveries"]
    found: list[Any] = delivery["attempts"]
    return found


def test_an_app_that_was_down_is_caught_up_by_itself_and_in_order() -> None:
    with receiving() as gone:
        url = gone.url
    with (
        running_simulator(webhook_url=url, webhook_secret=SECRET, now=JANUARY_31) as running,
        Shop.at(running.url) as shop,
    ):
        shop.stripe.customers.create({})
        shop.stripe.products.create({"name": "Pro"})
        unreachable = flush(shop)

        with receiving(int(url.rpartition(":")[2].partition("/")[0])) as back:
            back.wait_for(2)

    assert unreachable == {"pending": 2, "delivered": 0, "failed": 0}
    assert back.types() == ["customer.created", "product.created"]


def test_nobody_waits_at_the_page_for_an_app_that_is_down() -> None:
    with receiving() as gone:
        url = gone.url
    with (
        running_simulator(webhook_url=url, webhook_secret=SECRET, now=JANUARY_31) as running,
        Shop.at(running.url) as shop,
    ):
        session = shop.session(shop.monthly())
        started = time.monotonic()
        answer = shop.pay(session.id)

    assert answer.status_code == 200
    assert time.monotonic() - started < 5


def test_deliveries_can_be_held_back_and_let_go(shop: Shop, app: Receiver) -> None:
    shop.http.post("/_control/deliveries/pause")
    shop.stripe.customers.create({})

    held = flush(shop)
    shop.http.post("/_control/deliveries/resume")
    app.wait_for(1)

    assert held == {"pending": 1, "delivered": 0, "failed": 0}
    assert app.types() == ["customer.created"]


def test_an_event_is_sent_again_on_request(shop: Shop, app: Receiver) -> None:
    shop.stripe.customers.create({})
    flush(shop)
    event = shop.events()[0].id

    answer = shop.http.post(f"/_control/events/{event}/resend")
    flush(shop)

    assert answer.json() == {"event": event, "deliveries": 1}
    assert [one["id"] for one in app.events()] == [event, event]


def test_an_endpoint_of_the_api_gets_its_types_in_its_version(shop: Shop) -> None:
    with receiving() as other:
        endpoint = shop.stripe.webhook_endpoints.create(
            {
                "url": other.url,
                "enabled_events": ["customer.subscription.updated", "invoice.paid"],
                "api_version": "2025-02-24.acacia",
            }
        )
        subscription = shop.subscribed()
        flush(shop)
        other.verify(endpoint.secret)

    paid, updated = other.events()
    assert (paid["type"], updated["type"]) == ("invoice.paid", "customer.subscription.updated")
    assert paid["api_version"] == updated["api_version"] == "2025-02-24.acacia"
    assert paid["data"]["object"]["subscription"] == subscription.id
    assert updated["data"]["object"]["current_period_start"] == JANUARY_31
    listed = shop.stripe.webhook_endpoints.list({}).data
    assert [hasattr(one, "secret") for one in listed] == [False, False]


def test_a_disabled_endpoint_hears_nothing(shop: Shop, app: Receiver) -> None:
    own = shop.stripe.webhook_endpoints.list({}).data[0]
    shop.stripe.webhook_endpoints.update(own.id, {"disabled": True})

    shop.stripe.customers.create({})

    assert flush(shop) == {"pending": 0, "delivered": 0, "failed": 0}
    assert app.received == []


def test_what_was_not_taken_is_found_among_the_events(shop: Shop, app: Receiver) -> None:
    # docs.stripe.com/webhooks/process-undelivered-events
    shop.stripe.customers.create({"name": "Taken"})
    flush(shop)
    app.answers = [500]
    shop.stripe.customers.create({"name": "Refused"})
    flush(shop)

    def names(**asked: Any) -> list[str]:
        found = shop.stripe.events.list({"type": "customer.*", **asked}).data
        return [event.data.object["name"] for event in found]

    assert names(delivery_success=False) == ["Refused"]
    assert names(delivery_success=True) == ["Taken"]
    assert names() == ["Refused", "Taken"]
