"""What the key has to be allowed, asked of Stripe without changing anything.

A read is a list of one. A write is asked of an object that does not exist: a key that may not
write is told so (403) before Stripe looks for it.
https://docs.stripe.com/keys#limit-access
"""

from collections.abc import Sequence
from dataclasses import dataclass

from admit.billing.context import Billing
from admit.billing.gateway import GatewayRefused
from admit.core.ids import new_id

NOBODY = "admit_asks_whether_it_may"
FORBIDDEN = frozenset({401, 403})


@dataclass(frozen=True)
class Need:
    """`resource` is its path at Stripe; `name` is what the dashboard calls it."""

    resource: str
    name: str
    writes: bool = True


NEEDS = (
    Need("customers", "Customers"),
    Need("products", "Products"),
    Need("prices", "Prices"),
    Need("checkout/sessions", "Checkout Sessions"),
    Need("subscriptions", "Subscriptions"),
    Need("invoices", "Invoices"),
    Need("events", "Events", writes=False),
    Need("webhook_endpoints", "Webhook Endpoints"),
)


async def missing_permissions(billing: Billing) -> Sequence[str]:
    """Each as "Customers: write", in the order of the needs. Raises `GatewayUnavailable`."""
    missing = []
    for need in NEEDS:
        if not await _may_read(billing, need):
            missing.append(f"{need.name}: read")
        if need.writes and not await _may_write(billing, need):
            missing.append(f"{need.name}: write")
    return missing


async def _may_read(billing: Billing, need: Need) -> bool:
    try:
        await billing.gateway.get(f"/v1/{need.resource}", {"limit": 1})
    except GatewayRefused as refusal:
        return refusal.http_status not in FORBIDDEN
    return True


async def _may_write(billing: Billing, need: Need) -> bool:
    try:
        # A key of its own each time: what was refused yesterday may be allowed by now.
        await billing.gateway.post(f"/v1/{need.resource}/{NOBODY}", key=new_id("ask"))
    except GatewayRefused as refusal:
        return refusal.http_status not in FORBIDDEN
    return True
