"""The whole product as a newcomer starts it: `admit run` in a process of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx2

from tests.engines.patience import PATIENCE, PATIENT_ENVIRONMENT

FIRST_PORT, FIRST_LENT_PORT = 13000, 32768

ADMIT = Path(sys.executable).with_name("admit")


@dataclass(frozen=True)
class Site:
    url: str
    simulator_url: str
    directory: Path
    process: subprocess.Popen[bytes]

    @property
    def ports(self) -> tuple[int, int]:
        """Its own and the simulator's."""
        port, simulator_port = (url.rsplit(":", 1)[1] for url in (self.url, self.simulator_url))
        return int(port), int(simulator_port)

    @property
    def output(self) -> str:
        return (self.directory / "output.log").read_text()

    def stop(self) -> int:
        """Ctrl-C, and the exit code that it ends with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200
        except httpx2.TransportError:
            return False


@contextmanager
def running_site(
    directory: Path,
    *,
    command: str = "run",
    settings: Mapping[str, str] | None = None,
    admit: Path = ADMIT,
    ports: tuple[int, int] | None = None,
) -> Iterator[Site]:
    """The site with its state in `directory`; a second one there continues it.

    `ports` are its own and the simulator's, free ones when none are given. With STRIPE_API_BASE
    among the settings it starts no simulator.
    """
    port, simulator_port = ports or free_ports()
    site = Site(
        url=f"http://127.0.0.1:{port}",
        simulator_url=f"http://localhost:{simulator_port}",
        directory=directory,
        process=start(
            [admit, command],
            directory,
            {
                "PORT": str(port),
                "STRIPE_SIMULATOR_PORT": str(simulator_port),
                "ADMIT_DATA_DIR": str(directory / "var"),
                **(settings or {}),
            },
        ),
    )
    try:
        wait_until_ready(site)
        yield site
    finally:
        if site.process.poll() is None:
            site.process.kill()
            site.process.wait()


def start(
    command: list[str | Path], directory: Path, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """From `directory`, where no `.env` of a developer lies."""
    with (directory / "output.log").open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, **PATIENT_ENVIRONMENT, **settings}


def wait_until_ready(site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while not site.is_ready():
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The site did not come up:\n{site.output}")
        time.sleep(0.05)


def free_ports() -> tuple[int, int]:
    """Below those that the system lends to whoever connects: what is free now stays free for a
    server that starts in a while, or starts again.
    """
    tried = secrets.SystemRandom().sample(range(FIRST_PORT, FIRST_LENT_PORT), k=200)
    one, other = islice(filter(is_free, tried), 2)
    return one, other


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
