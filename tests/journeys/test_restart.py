"""By the year at 120.00 euros, over a lost webhook and a restart in the middle."""

import threading
import time
from pathlib import Path

from tests.engines.simulators import Json, StripeSide
from tests.engines.site import Site, running_site
from tests.journeys.road import GOOD_CARD, Traveller, long_date
from tests.journeys.story import payments_at, the_subscription

STRIPE_IS_SLOW_FOR = 1.5


def test_ada_pays_by_the_year_and_is_let_in_though_the_webhook_is_lost_and_all_is_restarted(
    tmp_path: Path, database_url: str
) -> None:
    settings = {"DATABASE_URL": database_url}
    with Traveller("") as ada, Traveller("", email="bert@example.com") as bert:
        with running_site(tmp_path, settings=settings) as site:
            ada.home = bert.home = site.url
            with StripeSide(site.simulator_url) as stripe:
                stripe.post("/_control/deliveries/pause")
                she_pays_and_no_webhook_arrives(ada, stripe)
                he_sees_nothing_of_hers(bert, ada.url)
                before = what_stripe_holds(stripe)
            the_app_ends_before_the_simulator(site, bert)

        with (
            running_site(tmp_path, settings=settings, ports=site.ports) as again,
            StripeSide(site.simulator_url) as stripe,
        ):
            assert what_stripe_holds(stripe) == before
            a_year_later_she_has_paid_again(ada, stripe)
            assert again.stop() == 0


def she_pays_and_no_webhook_arrives(ada: Traveller, stripe: StripeSide) -> None:
    ada.signs_up_for("pro-yearly")
    ada.confirms_the_address()
    ada.presses("Continue to payment")
    assert ada.says("€ 120.00")

    delivered = stripe.get("/_control/deliveries")["counts"]["delivered"]
    ada.pays_with(GOOD_CARD)

    assert (ada.path, ada.heading) == ("/checkout/return", "You are in")
    returned = ada.url
    assert stripe.get("/_control/deliveries")["counts"]["delivered"] == delivered
    assert ada.opens("/premium") == 200
    assert ada.plan() == ("Pro", "Active")
    assert [(status, amount) for _, status, amount in ada.payments()] == [("Paid", "€120.00")]
    ada.goes(returned)
    assert ada.heading == "You are in"


def he_sees_nothing_of_hers(bert: Traveller, her_return: str) -> None:
    bert.goes(her_return)
    assert bert.path == "/sign-in"

    bert.signs_up_for("pro-yearly")
    bert.confirms_the_address()
    bert.goes(her_return)
    assert (bert.status, bert.heading) == (404, "We cannot find this payment")
    assert bert.opens("/premium") == 403
    assert bert.payments() == []


def the_app_ends_before_the_simulator(site: Site, bert: Traveller) -> None:
    """A click that waits for Stripe when Ctrl-C comes is still answered: both are there for it."""
    bert.goes("/pricing?plan=pro-yearly")
    with StripeSide(site.simulator_url) as stripe:
        stripe.breaks("slow", count=1, seconds=STRIPE_IS_SLOW_FOR, path="/v1/checkout/sessions")
        clicked = threading.Thread(target=bert.presses, args=("Continue to payment",))
        clicked.start()
        while stripe.get("/_control/faults")["faults"]:
            time.sleep(0.02)

    assert site.stop() == 0
    clicked.join()


def what_stripe_holds(stripe: StripeSide) -> list[Json]:
    """The customer and all that she has, whole."""
    (customer, *_) = stripe.all("/v1/customers", email="ada@example.com")
    return [
        customer,
        *stripe.all("/v1/subscriptions", customer=customer["id"]),
        *stripe.all("/v1/invoices", customer=customer["id"]),
    ]


def a_year_later_she_has_paid_again(ada: Traveller, stripe: StripeSide) -> None:
    assert ada.opens("/premium") == 200

    ada.moves_time_by("366 days")

    assert ada.opens("/premium") == 200
    period_end = long_date(the_subscription(stripe)["items"]["data"][0]["current_period_end"])
    assert ada.facts()["Next charge"] == f"€120.00 on {period_end}"
    assert ada.payments() == payments_at(stripe)
    assert [(status, amount) for _, status, amount in ada.payments()] == [("Paid", "€120.00")] * 2
