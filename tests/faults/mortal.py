"""A site that may be killed at any step, beside a simulator that lives on."""

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx2

from tests.engines.patience import PATIENCE
from tests.faults.nursery import serve

PAUSE = 0.02

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *("admit.cli", "admit.serving", "anyio._backends._asyncio"),
        *("aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite"),
        *("psycopg", "sqlalchemy.dialects.postgresql.psycopg"),
        *("uvicorn.lifespan.on", "uvicorn.loops.auto"),
        *("uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"),
    ]
)


@dataclass
class MortalSite:
    directory: Path
    url: str
    settings: Mapping[str, str]
    deaths: int = 0
    before_each_restart: Callable[[], None] = lambda: None
    after_each_restart: Callable[[], None] = lambda: None
    _process: ForkServerProcess = field(init=False)

    def start(self, *, crash_at: str = "") -> None:
        """Returns at once; whether it ever answers is another question."""
        settings = {**self.settings, "TEST_CRASH_AT": crash_at}
        self._process = FORKS.Process(target=serve, args=(self.directory, settings), daemon=True)
        self._process.start()

    def until(self, done: Callable[[], bool], lacking: Callable[[], object] = str) -> None:
        """Tries until it has worked; whenever the site has died it is started again, trap-free.

        Longer than a lease: what a dying process had just sent to the database may still be done
        there, after the test has let a minute pass.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.exitcode is not None:
                self._restart()
            try:
                if done():
                    return
            except httpx2.TransportError:
                pass
            time.sleep(PAUSE)
        raise AssertionError(f"It did not come to an end; {lacking()} lack:\n{self.output}")

    def _restart(self) -> None:
        assert self._process.exitcode == -signal.SIGKILL, self.output
        assert self.deaths == 0, f"It died again:\n{self.output}"
        self.deaths += 1
        self.before_each_restart()
        self.start()
        self.until(self.answers)
        self.after_each_restart()

    def answers(self) -> bool:
        return httpx2.get(f"{self.url}/readyz", timeout=PATIENCE).status_code == 200

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    @property
    def output(self) -> str:
        return (self.directory / "output.log").read_text()[-5000:]
