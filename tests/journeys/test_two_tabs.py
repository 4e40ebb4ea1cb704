"""Two tabs and a double click: one customer, one session to pay, one subscription."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.engines.simulators import StripeSide
from tests.engines.site import Site, running_site
from tests.journeys.road import GOOD_CARD, Traveller
from tests.journeys.story import the_subscription


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    with running_site(tmp_path, settings={"DATABASE_URL": database_url}) as site:
        yield site


def test_ada_goes_to_pay_in_two_tabs_at_once_and_subscribes_once(site: Site) -> None:
    with (
        StripeSide(site.simulator_url) as stripe,
        Traveller(site.url) as ada,
        Traveller(site.url) as other,
    ):
        ada.signs_up_for("pro-monthly")
        ada.confirms_the_address()
        other.http.cookies = httpx2.Cookies(ada.http.cookies)
        tabs = (ada, other)

        with ThreadPoolExecutor(max_workers=2) as hands:
            list(hands.map(goes_to_pay, tabs))
        assert ada.url == other.url
        ada.pays_with(GOOD_CARD)
        other.goes("/pricing?plan=pro-yearly").sends("/checkout", price="pro-yearly")

        (customer,) = stripe.all("/v1/customers")
        (session,) = stripe.all("/v1/checkout/sessions")
        subscription = the_subscription(stripe)
        assert (other.path, ada.opens("/premium")) == ("/account", 200)
        assert (session["customer"], subscription["customer"]) == (customer["id"], customer["id"])
        assert session["metadata"]["admit_user"] == customer["metadata"]["admit_user"]
        assert session["metadata"]["admit_plan"] == "pro"
        assert len(ada.payments()) == 1


def test_ada_turns_back_before_she_pays_chooses_again_and_is_the_same_customer(
    site: Site,
) -> None:
    with StripeSide(site.simulator_url) as stripe, Traveller(site.url) as ada:
        ada.signs_up_for("pro-monthly")
        ada.confirms_the_address()
        goes_to_pay(ada)
        (before,) = stripe.all("/v1/customers")

        ada.goes("/checkout/cancelled?price=pro-monthly")
        assert ada.status == 200
        ada.goes("/pricing?plan=pro-yearly").presses("Continue to payment")
        ada.pays_with(GOOD_CARD)

        assert (ada.path, ada.heading) == ("/checkout/return", "You are in")
        assert [each["id"] for each in stripe.all("/v1/customers")] == [before["id"]]
        sessions = stripe.all("/v1/checkout/sessions")
        assert sorted(each["status"] for each in sessions) == ["complete", "expired"]
        assert [amount for _, _, amount in ada.payments()] == ["€120.00"]


def goes_to_pay(somebody: Traveller) -> None:
    somebody.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
