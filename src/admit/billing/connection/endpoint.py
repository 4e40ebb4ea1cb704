"""`admit stripe setup`: Stripe sends to our address exactly what we handle, in the pinned version.

An endpoint of ours is one that this database asked for, or one at our address. Its events and
address are brought in line; its version is fixed by Stripe, so that another version means another
endpoint beside it, and the former one goes when its operator says so: until the new secret is in
place, the former one is what still arrives. (Events that come twice are kept once.)
https://docs.stripe.com/api/webhook_endpoints
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from admit.billing.connection.address import endpoint_url
from admit.billing.connection.models import WebhookEndpoint
from admit.billing.connection.repository import WebhookEndpoints
from admit.billing.context import Billing
from admit.billing.gateway.client import API_VERSION
from admit.billing.webhooks.routing import ROUTES
from admit.core.crypto import hash_token
from admit.core.ids import new_id

KEYS_REMEMBERED = timedelta(hours=23)
"""Stripe forgets an idempotency key after a day (https://docs.stripe.com/api/idempotent_requests)."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class AtStripe:
    """One endpoint as Stripe lists it."""

    id: str
    url: str
    version: str | None
    events: frozenset[str]
    is_enabled: bool
    created: int

    @classmethod
    def of(cls, listed: Json) -> "AtStripe":
        return cls(
            id=listed["id"],
            url=listed["url"],
            version=listed["api_version"],
            events=frozenset(listed["enabled_events"]),
            is_enabled=listed["status"] == "enabled",
            created=listed["created"],
        )


@dataclass(frozen=True)
class SetUp:
    """What is there now. `secret` is known only where the endpoint was made just now."""

    endpoint: AtStripe
    made: bool
    changed: Sequence[str] = ()
    """What was brought in line: "url", "events", "enabled"."""
    secret: str | None = None
    former: Sequence[AtStripe] = field(default=())
    """Others of ours: of another version, or whose secret was given up."""


def handled_events() -> list[str]:
    return sorted(ROUTES)


async def endpoints_of_ours(billing: Billing) -> list[AtStripe]:
    """Newest first. Raises `GatewayUnavailable`, `GatewayRefused`."""
    asked_for = {row.stripe_endpoint_id for row in await rows_of_ours(billing)}
    url = endpoint_url(billing.settings.public_url)
    listed = [
        AtStripe.of(each)
        async for page in billing.gateway.pages("/v1/webhook_endpoints")
        for each in page.body["data"]
    ]
    ours = [each for each in listed if each.id in asked_for or each.url == url]
    return sorted(ours, key=lambda each: each.created, reverse=True)


async def rows_of_ours(billing: Billing) -> Sequence[WebhookEndpoint]:
    """What this database asked the account in use for, newest first."""
    stripe_account_id = await billing.known_account_id()
    if stripe_account_id is None:
        return ()
    async with billing.database.read() as db:
        return await WebhookEndpoints(db).of_account(stripe_account_id)


async def set_up(billing: Billing, *, new_secret: bool = False) -> SetUp:
    """Make our endpoint, or bring it in line. `new_secret` makes another one in any case.

    Repeatable: a request whose answer was lost is sent again as it was, and shows the secret.
    Raises `GatewayUnavailable`, `GatewayRefused`.
    """
    unanswered = await _unanswered(billing)
    ours = await endpoints_of_ours(billing)
    usable = [each for each in ours if each.version == API_VERSION]
    if unanswered is None and usable and not new_secret:
        former = [each for each in ours if each != usable[0]]
        return await _bring_in_line(billing, usable[0], former)
    wish = unanswered or await _wish(billing)
    made, secret = await _make(billing, wish)
    former = [each for each in ours if each.id != made.id]
    return SetUp(made, made=True, secret=secret, former=former)


async def remove(billing: Billing, endpoints: Sequence[AtStripe]) -> None:
    for each in endpoints:
        await billing.gateway.delete(f"/v1/webhook_endpoints/{each.id}", key=f"remove:{each.id}")


async def _unanswered(billing: Billing) -> WebhookEndpoint | None:
    """One that Stripe was asked for, and whose answer never came."""
    url = endpoint_url(billing.settings.public_url)
    for row in await rows_of_ours(billing):
        is_same = (row.url, row.api_version) == (url, API_VERSION)
        is_fresh = billing.clock.wall() - row.created_at < KEYS_REMEMBERED
        if row.stripe_endpoint_id is None and is_same and is_fresh:
            return row
    return None


async def _wish(billing: Billing) -> WebhookEndpoint:
    wish = WebhookEndpoint(
        id=new_id("whe"),
        stripe_account_id=await billing.stripe_account_id(),
        url=endpoint_url(billing.settings.public_url),
        api_version=API_VERSION,
        revision=0,
        created_at=billing.clock.wall(),
    )
    async with billing.database.write() as db:
        db.add(wish)
    return wish


async def _make(billing: Billing, wish: WebhookEndpoint) -> tuple[AtStripe, str]:
    events = handled_events()
    made = await billing.gateway.post(
        "/v1/webhook_endpoints",
        {
            "url": wish.url,
            "enabled_events": events,
            "api_version": wish.api_version,
            "description": f"Made by `admit stripe setup` for {billing.settings.public_url}",
            "metadata": {"admit_endpoint": wish.id},
        },
        # Other events are another request: Stripe refuses a key that comes back with those.
        key=f"endpoint:{wish.id}:{hash_token(','.join(events))[:16]}",
    )
    secret = str(made["secret"])
    async with billing.database.write() as db:
        row = await db.get_one(WebhookEndpoint, wish.id)
        row.stripe_endpoint_id = str(made["id"])
        row.secret_hash = hash_token(secret)
    return AtStripe.of(made), secret


async def _bring_in_line(billing: Billing, endpoint: AtStripe, former: Sequence[AtStripe]) -> SetUp:
    wanted = _differences(billing, endpoint)
    if not wanted:
        return SetUp(endpoint, made=False, former=former)
    row_id, revision = await _count_change(billing, endpoint)
    changed = await billing.gateway.post(
        f"/v1/webhook_endpoints/{endpoint.id}",
        {name: value for given in wanted.values() for name, value in given.items()},
        key=f"endpoint:{row_id}:change:{revision}",
    )
    return SetUp(AtStripe.of(changed), made=False, changed=list(wanted), former=former)


def _differences(billing: Billing, endpoint: AtStripe) -> Mapping[str, Json]:
    """What has to change, each with the parameters that change it."""
    url, events = endpoint_url(billing.settings.public_url), handled_events()
    wanted: dict[str, Json] = {}
    if endpoint.url != url:
        wanted["url"] = {"url": url}
    if endpoint.events != set(events):
        wanted["events"] = {"enabled_events": events}
    if not endpoint.is_enabled:
        wanted["enabled"] = {"disabled": False}
    return wanted


async def _count_change(billing: Billing, endpoint: AtStripe) -> tuple[str, int]:
    """The row of the endpoint, made for one that somebody else made, and its next revision."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.write() as db:
        row = await WebhookEndpoints(db).by_stripe_id(endpoint.id)
        if row is None:
            row = WebhookEndpoint(
                id=new_id("whe"),
                stripe_account_id=stripe_account_id,
                url=endpoint.url,
                api_version=endpoint.version or "",
                stripe_endpoint_id=endpoint.id,
                revision=0,
                created_at=billing.clock.wall(),
            )
            db.add(row)
        row.revision += 1
        return row.id, row.revision
