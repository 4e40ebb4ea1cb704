"""The command `admit`, as it is typed: in a folder of its own, without any configuration."""

import subprocess
from pathlib import Path

import httpx2
import pytest

from admit import __version__
from tests.engines.patience import PATIENCE
from tests.engines.site import ADMIT, environment, running_site


def test_a_newcomer_starts_everything_looks_around_and_stops_it(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        mailbox = httpx2.get(f"{site.url}/dev/mailbox")
        pricing = httpx2.get(f"{site.url}/pricing")
        code = site.stop()
        told = site.output

    assert (mailbox.status_code, pricing.status_code) == (200, 200)
    assert "Pro" in pricing.text
    for address in (site.url, site.simulator_url, f"{site.url}/dev/mailbox", f"{site.url}/setup/"):
        assert address in told
    assert "Traceback" not in told
    assert code == 0


def test_a_restart_continues_where_it_was(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        site.stop()
    kept = sorted(path.name for path in (tmp_path / "var").iterdir())

    with running_site(tmp_path) as site:
        assert site.is_ready()
        site.stop()

    assert kept == ["admit.db", "stripe_simulator.db"]
    assert site.output.count("bringing the database up to date") == 1


def test_the_version_is_told(tmp_path: Path) -> None:
    assert admit(tmp_path, "version").stdout == f"{__version__}\n"


def test_an_operator_migrates_and_the_doctor_finds_what_is_left_to_mend(tmp_path: Path) -> None:
    migrated = admit(tmp_path, "migrate")
    examined = admit(tmp_path, "doctor")

    assert (migrated.returncode, migrated.stdout) == (0, "The database is up to date.\n")
    assert "✓ database: ok" in examined.stdout
    assert "✓ migrations: ok" in examined.stdout
    assert examined.returncode == 1, "nothing stands in for Stripe"


def test_production_refuses_to_start_and_names_every_variable(tmp_path: Path) -> None:
    refused = admit(tmp_path, "serve", ADMIT_ENV="production")

    named = [line.split(":")[0].strip() for line in refused.stderr.splitlines()[1:]]
    assert refused.returncode == 2
    assert named == [
        "ADMIT_SECRET_KEY",
        "ADMIT_PUBLIC_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "SMTP_URL",
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eight thousand"), ("PASSWORD_MIN_LENGTH", "4")]
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    refused = admit(tmp_path, "doctor", **{name: value})

    assert refused.returncode == 1
    assert refused.stdout.startswith(f"✗ {name}: ")


def test_a_developer_asks_the_models_in_the_shell(tmp_path: Path) -> None:
    admit(tmp_path, "migrate")

    answered = admit(
        tmp_path, "shell", typed="print('people:', len(run(db.scalars(select(User))).all()))\n"
    )

    assert "people: 0" in answered.stdout
    assert answered.returncode == 0


def admit(
    directory: Path, *words: str, typed: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ADMIT, *words],
        cwd=directory,
        env=environment(settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
