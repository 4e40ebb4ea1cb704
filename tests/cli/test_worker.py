"""`admit worker` beside web processes: it refuses what they refuse, and ends when it is told to."""

import signal
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from admit.core import migrations
from tests.cli.admit import admit
from tests.engines.patience import PATIENCE
from tests.engines.site import ADMIT, start

RUNNING = "the worker is running"


def test_an_operator_stops_the_worker_and_it_ends_in_good_order(
    tmp_path: Path, database_url: str
) -> None:
    worker = start(
        [ADMIT, "worker"],
        tmp_path,
        {"DATABASE_URL": database_url, "STRIPE_API_BASE": "http://127.0.0.1:9"},
    )
    wait_for(tmp_path / "output.log", RUNNING)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in (tmp_path / "output.log").read_text()


def test_a_worker_with_the_key_of_another_account_does_not_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'admit.db'}"
    migrations.upgrade(url)
    with create_engine(url).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO stripe_accounts (account_id, mode, connection) VALUES ('a', 'live', 1)"
            )
        )

    answer = admit(tmp_path, "worker", DATABASE_URL=url)

    assert answer.returncode == 2
    assert "STRIPE_SECRET_KEY: This database holds what belongs to" in answer.stderr


def wait_for(file: Path, words: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while words not in file.read_text():
        assert time.monotonic() < deadline, file.read_text()
        time.sleep(0.05)
