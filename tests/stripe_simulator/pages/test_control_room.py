"""The front door and the control room over HTTP."""

import re

import httpx2
import pytest

from tests.stripe_simulator.pages.shop import ENTRY, Shop


def now(http: httpx2.Client) -> int:
    moment: int = http.get("/_control/clock").json()["now"]
    return moment


def test_the_front_door_says_what_this_is_and_how_to_connect(http: httpx2.Client) -> None:
    page = http.get("/")

    assert page.status_code == 200
    for words in (
        "A Stripe of your own, on this machine",
        str(http.base_url),
        "4242 4242 4242 4242",
        "Mon 30 November 2026, 12:00:00 UTC",
        'href="/_control"',
    ):
        assert words in page.text


def test_an_empty_control_room_says_what_will_be_there(http: httpx2.Client) -> None:
    page = http.get("/_control").text

    assert "Nobody yet. A customer appears when your application makes one." in page
    assert "To the next change" not in page


def test_the_control_room_lists_customers_and_events(http: httpx2.Client, shop: Shop) -> None:
    http.post(shop.opens().path, data=ENTRY)
    shop.api.v1.customers.create({"email": "nobody@example.test"})

    page = re.sub("<wbr>", "", http.get("/_control").text)

    for words in (
        "Ada Lovelace",
        "Renews on 30 December 2026",
        "nobody@example.test",
        "no subscription",
        "checkout.session.completed",
        "no endpoint",
        "23 December 2026: an invoice is announced",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("by", "seconds"), [("hour", 3_600), ("day", 86_400), ("week", 604_800), ("month", 2_678_400)]
)
def test_a_button_moves_the_clock(http: httpx2.Client, by: str, seconds: int) -> None:
    before = now(http)

    answer = http.post("/_control/time", data={"by": by})

    assert (answer.status_code, answer.headers["location"]) == (303, "/_control")
    assert now(http) == before + seconds


def test_the_next_changes_are_an_announcement_and_the_renewal(
    http: httpx2.Client, shop: Shop
) -> None:
    http.post(shop.opens().path, data=ENTRY)

    http.post("/_control/time", data={"by": "next"})
    assert "Wed 23 December 2026, 12:00:00 UTC" in http.get("/_control").text
    http.post("/_control/time", data={"by": "next"})

    assert "Wed 30 December 2026, 12:00:00 UTC" in http.get("/_control").text
    assert [invoice.status for invoice in shop.api.v1.invoices.list().data] == ["draft", "paid"]


def test_an_unknown_button_moves_nothing(http: httpx2.Client) -> None:
    before = now(http)

    assert http.post("/_control/time", data={"by": "century"}).status_code == 303
    assert now(http) == before
