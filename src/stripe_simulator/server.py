"""A simulator on a port: in this thread until it is stopped, or in another one for tests."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from stripe_simulator.application import create_simulator
from stripe_simulator.simulator import DEFAULT_SELLER, Simulator

STARTS_WITHIN = 10.0
LOOKS = 10
"""Turns of the loop that closing an idle connection may take."""


@dataclass(frozen=True)
class Running:
    url: str
    port: int
    app: Starlette

    @property
    def simulator(self) -> Simulator:
        simulator: Simulator = self.app.state.simulator
        return simulator


def configured(app: Starlette, *, log_level: str = "warning") -> uvicorn.Config:
    """`Date` is set by the API itself: it carries simulated time."""
    return uvicorn.Config(
        app,
        date_header=False,
        server_header=False,
        access_log=False,
        log_level=log_level,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=2,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    return listener


class Background(uvicorn.Server):
    """Says when it serves, and stops when it is told, not at the next look at a clock."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.told = asyncio.Event()
        await super().startup(sockets)
        self.serving.set()

    async def main_loop(self) -> None:
        await self.told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """At once when nobody is being answered: uvicorn's own waits a tenth of a second."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(LOOKS):
            if not self.is_answering():
                break
            await asyncio.sleep(0)
        if self.is_answering():
            await super().shutdown(sockets)
            return
        for listener in sockets or []:
            listener.close()
        await self.lifespan.shutdown()

    def is_answering(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)

    def stop(self) -> None:
        """From any thread."""
        self.should_exit = True
        self.loop.call_soon_threadsafe(self.told.set)


@contextmanager
def running_simulator(
    port: int = 0,
    *,
    state: str | Path | None = None,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    host: str = "127.0.0.1",
    base_url: str | None = None,
    now: int | None = None,
    seller: str = DEFAULT_SELLER,
) -> Iterator[Running]:
    """Serves in a background thread until the block is left."""
    with listen(host, port) as listener:
        bound = listener.getsockname()[1]
        url = f"http://{host}:{bound}"
        app = create_simulator(
            state=state,
            base_url=base_url or url,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            now=now,
            seller=seller,
        )
        server = Background(configured(app))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        if not server.serving.wait(STARTS_WITHIN):
            raise RuntimeError("The simulator did not start.")
        try:
            yield Running(url=url, port=bound, app=app)
        finally:
            server.stop()
            thread.join()


def serve(app: Starlette, *, host: str, port: int) -> None:
    """Until Ctrl-C."""
    with listen(host, port) as listener:
        uvicorn.Server(configured(app, log_level="info")).run([listener])
