"""Stripe shows ten lines inside an invoice; what pays for the period may come after them."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from stripe_simulator.server import Background, configured, listen
from tests.engines.patience import PATIENCE
from tests.engines.simulators import Simulators
from tests.engines.world import open_world

ONE_INVOICE = re.compile(r"/v1/invoices/in_\w+")


class ShowsNoLines:
    """The simulator, but an invoice says of all its lines that there are more."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or not ONE_INVOICE.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self.app(scope, receive, keep)
        invoice = json.loads(b"".join(message.get("body", b"") for message in said))
        invoice["lines"].update(data=[], has_more=True)
        body = json.dumps(invoice).encode()
        headers = [pair for pair in said[0]["headers"] if pair[0] != b"content-length"]
        await send({**said[0], "headers": [*headers, (b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def running() -> Iterator[Simulators]:
    with listen("127.0.0.1", 0) as listener:
        simulators = Simulators(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = configured(ShowsNoLines(simulators))  # type: ignore[arg-type]
        config.lifespan = "off"
        server = Background(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert server.serving.wait(PATIENCE)
        try:
            yield simulators
        finally:
            server.stop()
            thread.join()


@pytest.fixture(scope="module")
def long_winded() -> Iterator[Simulators]:
    with running() as simulators:
        yield simulators


async def test_who_paid_an_invoice_of_many_lines_is_let_in(
    database_url: str, long_winded: Simulators
) -> None:
    async with open_world(database_url, long_winded) as world:
        ada = await world.person("ada")
        session = await ada.subscribes_to()

        await reconcile(world.billing, ObjectRef("checkout.session", session))

        assert "premium" in await ada.features()
