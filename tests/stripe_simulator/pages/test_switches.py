"""The control room's switches and records."""

import httpx2
import pytest
from playwright.async_api import Browser

from stripe_simulator.server import Running
from tests.engines.axe import serious_problems
from tests.stripe_simulator.pages.shop import ENTRY, Shop
from tests.stripe_simulator.pages.test_in_browser import window


def press(http: httpx2.Client, **switch: str) -> str:
    answer = http.post("/_control/switches", data=switch, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def bought(shop: Shop, http: httpx2.Client) -> str:
    assert http.post(shop.opens().path, data=ENTRY).status_code == 303
    return shop.api.v1.customers.list().data[0].id


def test_switches_show_what_is_on_and_go_off_again(http: httpx2.Client) -> None:
    on = press(http, deliveries="shuffle")
    off = press(http, deliveries="shuffle")
    fast = press(http, speed="3600")

    assert 'value="shuffle" aria-pressed="true"' in on
    assert 'value="shuffle" aria-pressed="false"' in off
    assert 'value="3600" aria-pressed="true"' in fast
    press(http, speed="1")
    for name in ("hold", "double", "delay", "drop", "wrong_signature"):
        assert f'value="{name}" aria-pressed="true"' in press(http, deliveries=name)
    assert 'name="deliveries" value="drop" aria-pressed="false"' in press(http, deliveries="none")


def test_a_fault_waits_for_the_next_call(shop: Shop, http: httpx2.Client) -> None:
    page = press(http, fault="api_500")

    failed = http.get("/v1/account", headers={"authorization": "Bearer sk_test_x"})
    after = http.get("/v1/account", headers={"authorization": "Bearer sk_test_x"})

    assert "(1 waiting)" in page
    assert (failed.status_code, after.status_code) == (500, 200)
    press(http, fault="slow")
    assert "(0 waiting)" in press(http, fault="none")
    assert shop.api.v1.customers.list().data == []


def test_an_endpoint_is_disabled_and_enabled_again(shop: Shop, http: httpx2.Client) -> None:
    endpoint = shop.api.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/hook", "enabled_events": ["customer.created"]}
    )
    shop.api.v1.customers.create({"name": "Waiting"})

    off = press(http, endpoint=endpoint.id)
    shop.api.v1.customers.create({"name": "Unheard"})
    counts = http.post("/_control/deliveries/flush").json()["counts"]
    disabled = shop.api.v1.webhook_endpoints.retrieve(endpoint.id).status
    on = press(http, endpoint=endpoint.id)

    assert (disabled, ">disabled<" in off, ">enabled<" in on) == ("disabled", True, True)
    assert counts["pending"] + counts["failed"] == 1  # of the customer who came before
    assert shop.api.v1.webhook_endpoints.retrieve(endpoint.id).status == "enabled"


def test_the_clock_goes_to_a_moment_and_never_back(shop: Shop, http: httpx2.Client) -> None:
    del shop
    for to in ("2026-12-24T18:30", "2026-12-01T00:00", "soon"):
        assert http.post("/_control/time", data={"to": to}).status_code == 303

    assert http.get("/_control/clock").json()["now"] == 1_798_137_000  # 24 December 2026, 18:30


def test_the_next_charge_is_planned(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)

    press(http, customer=customer, outcome="insufficient_funds", times="1")
    http.post("/_control/clock/advance", json={"seconds": 31 * 86400 + 7200})

    charge = shop.api.v1.charges.list({"customer": customer}).data[0]
    assert (charge.status, charge.failure_code) == ("failed", "card_declined")


def test_a_state_is_remembered_and_everything_forgotten(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)

    press(http, state="remember")
    press(http, state="reset")
    empty = shop.api.v1.customers.list().data
    press(http, state="restore")

    assert empty == []
    assert [one.id for one in shop.api.v1.customers.list().data] == [customer]


def test_every_record_can_be_read_with_its_events(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)
    event = shop.api.v1.events.list({"type": "customer.created"}).data[0]

    kinds = http.get("/_control/objects?kind=subscription").text
    record = http.get(f"/_control/objects/{customer}").text
    told = http.get(f"/_control/events/{event.id}").text

    assert "Subscription" not in kinds or "sub_" in kinds
    assert "customer.</wbr>" not in record
    assert f"/_control/events/{event.id}" in record
    assert "No endpoint listens." in told
    assert http.get("/_control/objects/nothing").status_code == 404
    assert http.get("/_control/events/evt_nothing").status_code == 404


def test_an_event_is_sent_again_and_its_attempts_are_shown(
    simulator: Running, shop: Shop, http: httpx2.Client
) -> None:
    url = f"{simulator.url}/nowhere"
    shop.api.v1.webhook_endpoints.create({"url": url, "enabled_events": ["customer.created"]})
    shop.api.v1.customers.create({"name": "Ada"})
    event = shop.api.v1.events.list({"type": "customer.created"}).data[0].id

    again = http.post(f"/_control/events/{event}/send-again", follow_redirects=True)

    assert again.status_code == 200
    assert again.text.count("Delivery 2") == 1
    assert "404" in again.text
    assert http.post("/_control/events/evt_nothing/send-again").status_code == 404


def test_no_other_site_presses_a_switch(http: httpx2.Client) -> None:
    evil = {"origin": "https://evil.example"}

    for path in ("/_control/switches", "/_control/events/evt_1/send-again"):
        assert http.post(path, data={"state": "reset"}, headers=evil).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("look", [("light", 1280), ("dark", 390)])
async def test_records_and_switches_keep_nobody_out(
    browser: Browser,
    simulator: Running,
    shop: Shop,
    http: httpx2.Client,
    look: tuple[str, int],
) -> None:
    color_scheme, width = look
    customer = bought(shop, http)
    press(http, deliveries="double")
    event = shop.api.v1.events.list({"type": "customer.created"}).data[0].id
    records = ["/_control/objects?kind=event", f"/_control/objects/{customer}"]
    async with window(browser, simulator.url, color_scheme=color_scheme) as page:
        for path in ("/_control", *records, f"/_control/events/{event}"):
            await page.goto(path)
            await page.set_viewport_size({"width": width, "height": 844})
            assert await page.evaluate("document.documentElement.scrollWidth") == width, path
            assert await serious_problems(page) == {}, path
