"""A site without a worker of its own: people are let in, the rest waits for one beside it."""

import subprocess
import time
from pathlib import Path

from tests.engines.patience import PATIENCE
from tests.engines.simulators import StripeSide
from tests.engines.site import ADMIT, Site, running_site, start
from tests.journeys.road import GOOD_CARD, Traveller


def test_ada_is_let_in_without_a_worker_and_is_welcomed_once_by_the_one_that_comes(
    tmp_path: Path,
) -> None:
    with (
        running_site(tmp_path, settings={"WORKER_IN_PROCESS": "false"}) as site,
        StripeSide(site.simulator_url) as stripe,
        Traveller(site.url) as ada,
    ):
        ada.signs_up_for("pro-monthly")
        ada.confirms_the_address()
        ada.presses("Continue to payment")
        ada.pays_with(GOOD_CARD)
        assert (ada.heading, ada.opens("/premium")) == ("You are in", 200)
        stripe.post("/_control/deliveries/flush")
        assert "Welcome to Pro" not in ada.mails()

        worker = a_worker_beside(site)
        try:
            wait_for_mail(ada, "Welcome to Pro")
        finally:
            worker.terminate()
            worker.wait(timeout=PATIENCE)
        assert ada.mails().count("Welcome to Pro") == 1
        assert ada.plan() == ("Pro", "Active")
        assert site.stop() == 0


def a_worker_beside(site: Site) -> subprocess.Popen[bytes]:
    port, simulator_port = map(str, site.ports)
    settings = {"PORT": port, "STRIPE_SIMULATOR_PORT": simulator_port}
    return start([ADMIT, "worker"], site.directory, settings)


def wait_for_mail(ada: Traveller, subject: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while subject not in ada.mails():
        assert time.monotonic() < deadline, f"There are only {ada.mails()}."
        time.sleep(0.1)
