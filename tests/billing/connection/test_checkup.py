"""`admit doctor` on the connection to Stripe: each thing that can be wrong, and how to mend it."""

import asyncio
import time

import pytest
from sqlalchemy import select

from admit.billing.webhooks.routing import ROUTES
from admit.core.config import load_settings
from admit.core.events.models import Progress, ReactionRow
from admit.wiring import wire
from tests.billing.connection.terminal import HOOK, Terminal
from tests.billing.connection.test_setup import endpoints, secret_in
from tests.engines.world import door_of, sign

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LIVE_EVENT = (
    b'{"id": "evt_live", "type": "invoice.paid", "created": 1, "livemode": true,'
    b' "data": {"object": {"id": "in_1"}}}'
)
HOURS = 3600


@ON_SQLITE
def test_a_connection_that_works_is_told_apart_from_each_that_does_not(terminal: Terminal) -> None:
    assert terminal.wrong() == [f"✗ webhook endpoint: {HOOK} does not exist at Stripe"]
    assert terminal.wrong(STRIPE_EVENTS="poll") == ["✗ events: Stripe was last asked never"]

    secret = secret_in(terminal.lines("stripe", "setup"))
    (endpoint,) = endpoints(terminal)
    path = f"/v1/webhook_endpoints/{endpoint['id']}"
    told = f"✗ webhook secret: STRIPE_WEBHOOK_SECRET lacks that of {endpoint['id']}"
    assert terminal.wrong() == [told]
    assert terminal.wrong(STRIPE_WEBHOOK_SECRET=f"whsec_former,{secret}") == []

    terminal.stripe.post(path, None, **{"enabled_events[0]": "invoice.paid"})
    (missing,) = terminal.wrong(STRIPE_WEBHOOK_SECRET=secret)
    handled = sorted(set(ROUTES) - {"invoice.paid"})
    assert missing == f"✗ webhook endpoint: does not send {', '.join(handled)}"

    terminal.stripe.post(path, disabled="true")
    assert terminal.wrong() == [f"✗ webhook endpoint: {HOOK} is disabled at Stripe"]

    terminal.stripe.delete(path)
    terminal.stripe.post(
        "/v1/webhook_endpoints",
        None,
        url=HOOK,
        api_version="2025-02-24.acacia",
        **{"enabled_events[0]": "*"},
    )
    (version,) = terminal.wrong()
    assert version.startswith("✗ webhook endpoint: sends version 2025-02-24.acacia, Admit reads ")

    terminal.stripe.advance(HOURS)
    skew, _ = terminal.wrong()
    assert skew.startswith("✗ Stripe: clocks differ by ")
    assert terminal.wrong(STRIPE_SECRET_KEY="sk_live_of_the_shop") == [
        "✗ Stripe: Invalid API Key provided: sk_live_*******shop"
    ]


def test_deliveries_that_are_refused_name_the_secret_the_clock_or_the_mode(
    terminal: Terminal,
) -> None:
    secret = secret_in(terminal.lines("stripe", "setup"))
    right = {"STRIPE_WEBHOOK_SECRET": secret}

    knock(terminal, LIVE_EVENT, signed_with="whsec_of_another_endpoint", ours=secret)
    (other,) = terminal.wrong(**right)
    assert other.startswith("✗ webhooks: signed with another secret, the last at 20")

    knock(terminal, LIVE_EVENT, signed_with=secret, ours=secret, late=HOURS)
    _, off = terminal.wrong(**right)
    assert off.startswith("✗ webhooks: refused as too old or too new, the last at 20")

    knock(terminal, LIVE_EVENT, signed_with=secret, ours=secret)
    assert terminal.wrong(**right) == [
        "✗ webhooks: 1 events of another account or mode came here and were kept"
    ]
    mends = terminal.types("doctor", **right).output
    assert "Take this address out of the endpoints of that account or mode." in mends


@ON_SQLITE
def test_what_gave_up_is_shown_and_tried_again(terminal: Terminal) -> None:
    secret = secret_in(terminal.lines("stripe", "setup"))
    event = LIVE_EVENT.replace(b"true", b"false")
    knock(terminal, event, signed_with=secret, ours=secret)
    bury(terminal, "Stripe said no")

    found = terminal.wrong(STRIPE_WEBHOOK_SECRET=secret)
    shown = terminal.lines("events", "dead")
    again = terminal.lines("events", "replay")

    assert found == ["✗ reactions: gave up: billing.reconcile on stripe:evt_live"]
    assert shown == ["stripe:evt_live\tinvoice.paid\tbilling.reconcile\tStripe said no"]
    assert again == ["1 reactions are tried again."]
    assert terminal.lines("events", "dead") == ["None gave up."]


def knock(terminal: Terminal, body: bytes, *, signed_with: str, ours: str, late: int = 0) -> None:
    """At the door of a server that has just started with our secret."""

    async def deliver() -> int:
        settings = load_settings(
            database_url=terminal.database_url,
            stripe_secret_key="sk_test_of_the_shop",
            stripe_webhook_secret=ours,
        )
        wiring = wire(settings)
        async with door_of(wiring) as door:
            header = sign(body, secret=signed_with, timestamp=int(time.time()) - late)
            answer = await door.post(
                "/webhooks/stripe", content=body, headers={"Stripe-Signature": header}
            )
        wiring.billing.gateway.close()
        await wiring.parts.database.close()
        return answer.status_code

    assert asyncio.run(deliver()) in {200, 400}


def bury(terminal: Terminal, error: str) -> None:
    async def give_up() -> None:
        wiring = wire(load_settings(database_url=terminal.database_url))
        async with wiring.parts.database.write() as db:
            rows = await db.scalars(select(ReactionRow))
            for row in rows:
                row.progress, row.last_error = Progress.dead, error
        wiring.billing.gateway.close()
        await wiring.parts.database.close()

    asyncio.run(give_up())
