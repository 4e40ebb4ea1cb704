"""Somebody watches a trial become paid, a card fail, dunning run its course, and access end.

Once by Admit's own time machine and once from the simulator's control room, which knows nothing of
Admit: that one follows. Retries come 3, 5 and 7 days after the failure before; then it is over.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from admit.billing.catalog.file import DEMO_FILE
from tests.engines.document import rows_of
from tests.engines.patience import PATIENCE
from tests.engines.site import Site, running_site
from tests.engines.visitor import Visitor
from tests.journeys.road import GOOD_CARD, Traveller

PRO = 'code = "pro-monthly"\n'
TWO_WEEKS_FREE = f"{PRO}trial_days = 14\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Pro, paid by the month, begins with two weeks that are free."""
    directory = tmp_path_factory.mktemp("site")
    catalog = directory / "catalog.toml"
    catalog.write_text(DEMO_FILE.read_text().replace(PRO, TWO_WEEKS_FREE))
    with running_site(directory, settings={"ADMIT_CATALOG_FILE": str(catalog)}) as site:
        yield site


def begins_a_trial(site: Site, name: str) -> Traveller:
    somebody = Traveller(site.url, email=f"{name}@example.com")
    somebody.signs_up_for("pro-monthly")
    somebody.confirms_the_address()
    somebody.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
    somebody.presses(
        "Start trial", number=GOOD_CARD, exp_month="12", exp_year="34", cvc="123", name="Ada"
    )
    return somebody


def comes_to(truth: Callable[[], bool]) -> bool:
    """Events arrive and Admit looks at the simulator's clock each second."""
    deadline = time.monotonic() + PATIENCE
    while not truth():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def is_in(traveller: Traveller, state: str, *, premium: int) -> bool:
    return traveller.plan()[1] == state and traveller.opens("/premium") == premium


def test_a_trial_is_paid_a_card_fails_and_access_ends_by_the_time_machine(site: Site) -> None:
    with begins_a_trial(site, "ada") as ada:
        assert comes_to(lambda: is_in(ada, "Trial", premium=200))

        ada.moves_time_by("1 week")
        ada.moves_time_by("1 week")
        ada.moves_time_by("1 day")
        assert comes_to(lambda: is_in(ada, "Active", premium=200))

        ada.goes("/dev").presses("Every try fails")
        assert ada.says("The next charge fails, and every try after.")
        ada.moves_time_by("32 days")
        assert comes_to(lambda: ada.plan()[1] == "Payment failed")
        assert ada.opens("/premium") == 200

        ada.moves_time_by("1 week")
        ada.moves_time_by("1 week")
        ada.moves_time_by("1 week")
        assert comes_to(lambda: ada.opens("/premium") == 403)
        (row,) = rows_of(ada.goes("/dev").page, "Subscriptions in our mirror")
        assert row[2] == "Ended"
        assert any("did not go through" in subject for subject in ada.mails())


def test_the_same_is_seen_from_the_control_room_and_admit_follows(site: Site) -> None:
    with begins_a_trial(site, "bob") as bob, Visitor(site.simulator_url) as room:
        assert comes_to(lambda: is_in(bob, "Trial", premium=200))

        def moves_time_by(step: str) -> None:
            room.goes("/_control").presses(step)
            assert (room.status, room.path) == (200, "/_control")

        moves_time_by("7 days")
        moves_time_by("7 days")
        moves_time_by("1 day")
        assert comes_to(lambda: is_in(bob, "Active", premium=200))
        assert comes_to(lambda: both_clocks_agree(site))

        room.goes("/_control").presses("Plan it", outcome="generic_decline", times="10")
        moves_time_by("31 days")
        assert comes_to(lambda: bob.plan()[1] == "Payment failed")
        moves_time_by("7 days")
        moves_time_by("7 days")
        moves_time_by("7 days")

        assert comes_to(lambda: bob.opens("/premium") == 403)
        assert comes_to(lambda: both_clocks_agree(site))


def test_time_that_runs_faster_carries_admit_along(site: Site) -> None:
    with Visitor(site.url) as somebody:
        before = simulated(site)
        somebody.goes("/dev").presses("An hour a second")
        assert somebody.says("Time runs on: An hour a second.")

        assert comes_to(lambda: simulated(site) - before > 2 * 3600)

        somebody.goes("/dev").presses("Usual pace")
        assert comes_to(lambda: both_clocks_agree(site))


def simulated(site: Site) -> int:
    return int(httpx2.get(f"{site.simulator_url}/_control/clock").json()["now"])


def both_clocks_agree(site: Site) -> bool:
    """To the minute, as `/dev` shows it."""
    with Visitor(site.url) as somebody:
        shown = somebody.goes("/dev").page.all("p", class_="card__figure")[0].text
    moment = datetime.fromtimestamp(simulated(site), UTC)
    return f"{moment:%H:%M}" in shown and str(moment.day) in shown
