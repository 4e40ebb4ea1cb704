"""The whole product as a newcomer starts it: `admit run` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

PATIENCE = 30.0

ADMIT = Path(sys.executable).with_name("admit")


@dataclass(frozen=True)
class Site:
    url: str
    simulator_url: str
    directory: Path
    process: subprocess.Popen[bytes]

    @property
    def output(self) -> str:
        return (self.directory / "output.log").read_text()

    def stop(self) -> int:
        """Ctrl-C, and the exit code that it ends with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False


@contextmanager
def running_site(
    directory: Path,
    *,
    command: str = "run",
    settings: Mapping[str, str] | None = None,
    admit: Path = ADMIT,
) -> Iterator[Site]:
    """The site on free ports, with its state in `directory`; a second one there continues it."""
    port, simulator_port = free_ports(2)
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
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def wait_until_ready(site: Site) -> None:
    deadline = time.monotonic() + PATIENCE
    while not site.is_ready():
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The site did not come up:\n{site.output}")
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
