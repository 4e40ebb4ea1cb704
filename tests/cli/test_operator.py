"""What an operator types before and beside the site."""

import time
from pathlib import Path

from tests.cli.admit import admit
from tests.engines.patience import PATIENCE
from tests.engines.simulators import StripeSide
from tests.engines.site import free_ports, running_site
from tests.engines.stripe_process import running_stripe
from tests.journeys.road import Traveller

PASSWORD = "copper lanterns at noon"


DEMO_AMOUNTS = [900, 1200, 9000, 12000]


def test_an_operator_migrates_seeds_and_offers_the_catalogue_once(
    tmp_path: Path, unmigrated_database_url: str
) -> None:
    port, simulator_port = free_ports()
    settings = {
        "DATABASE_URL": unmigrated_database_url,
        "STRIPE_SIMULATOR_PORT": str(simulator_port),
    }
    with running_stripe(
        tmp_path, port=simulator_port, webhook_url=f"http://127.0.0.1:{port}/webhooks/stripe"
    ):
        migrated = admit(tmp_path, "migrate", **settings)
        again = admit(tmp_path, "migrate", **settings)
        seeded = [admit(tmp_path, "seed", **settings) for _ in range(2)]
        healthy = admit(tmp_path, "doctor", **settings)
        with StripeSide(f"http://localhost:{simulator_port}") as stripe:
            prices = stripe.all("/v1/prices")

    there = "The catalogue is in the database."
    known = "There is a catalogue; `admit catalog apply` makes it equal to the file."
    offered = "Stripe offers the same products and prices."
    assert [(each.returncode, each.stdout) for each in (migrated, again)] == [
        (0, "The database is up to date.\n")
    ] * 2
    assert [(each.returncode, each.stdout) for each in seeded] == [
        (0, f"{there}\n{offered}\n"),
        (0, f"{known}\n{offered}\n"),
    ]
    assert sorted(price["unit_amount"] for price in prices) == DEMO_AMOUNTS
    assert healthy.returncode == 0
    assert {line[0] for line in healthy.stdout.splitlines()} == {"✓"}


def test_an_operator_seeds_while_stripe_does_not_answer_and_the_doctor_says_what_to_do(
    tmp_path: Path,
) -> None:
    _, nobody_there = free_ports()
    settings = {"STRIPE_SIMULATOR_PORT": str(nobody_there), "STRIPE_TIMEOUT_SECONDS": "1"}
    admit(tmp_path, "migrate", **settings)

    seeded = admit(tmp_path, "seed", **settings)
    examined = admit(tmp_path, "doctor", **settings)

    assert seeded.returncode == 0
    assert seeded.stdout.splitlines() == [
        "The catalogue is in the database.",
        "Stripe does not answer; the catalogue is pushed once it does.",
    ]
    assert examined.returncode == 1
    assert examined.stdout.splitlines()[-2:] == [
        f"✗ Stripe: no answer from http://localhost:{nobody_there}",
        "    Start it with `admit run`.",
    ]


def test_the_doctor_sends_a_newcomer_to_the_first_command(tmp_path: Path) -> None:
    examined = admit(tmp_path, "doctor", STRIPE_SIMULATOR_PORT=str(free_ports()[1]))

    assert examined.returncode == 1
    assert "✗ migrations: run `admit migrate`\n    Run `admit migrate`.\n" in examined.stdout
    assert examined.stderr == ""


def test_an_administrator_is_made_and_signs_in_at_once(tmp_path: Path) -> None:
    who = ("--email", "grace@example.com", "--first-name", "Grace", "--last-name", "Hopper")
    admit(tmp_path, "migrate")

    weak = admit(tmp_path, "create-admin", *who, "--password", "password")
    made = admit(tmp_path, "create-admin", *who, "--password", PASSWORD)
    twice = admit(tmp_path, "create-admin", *who, "--password", PASSWORD)

    assert (weak.returncode, weak.stdout) == (1, "")
    assert weak.stderr.startswith("password: ")
    assert (made.returncode, made.stdout) == (0, "grace@example.com is an administrator.\n")
    assert (twice.returncode, twice.stdout) == (1, "")
    assert len(twice.stderr.splitlines()) == 1
    with running_site(tmp_path) as site, Traveller(site.url, email="grace@example.com") as grace:
        grace.goes("/sign-in").presses("Sign in", email=grace.email, password=PASSWORD)
        assert (grace.path, grace.heading) == ("/account", "Hello, Grace")
        assert "make yourself admin" not in site.output


def test_a_simulator_that_lost_its_state_is_followed_and_sold_the_catalogue_again(
    tmp_path: Path,
) -> None:
    with running_site(tmp_path) as site:
        assert site.stop() == 0
    (tmp_path / "var" / "stripe_simulator.db").unlink()

    with running_site(tmp_path) as site, StripeSide(site.simulator_url) as stripe:
        ends = time.monotonic() + PATIENCE
        while len(stripe.all("/v1/prices")) < len(DEMO_AMOUNTS) and time.monotonic() < ends:
            time.sleep(0.1)
        assert sorted(price["unit_amount"] for price in stripe.all("/v1/prices")) == DEMO_AMOUNTS
