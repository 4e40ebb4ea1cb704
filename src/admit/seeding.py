"""The catalogue from its file into the database, and from there to Stripe."""

from admit.billing.catalog import service as catalog
from admit.billing.context import Billing
from admit.core.http.state import Parts


async def seed_catalogue(parts: Parts) -> bool:
    """Whether the file was taken over: once there is a catalogue, only who means to changes it."""
    async with parts.database.read() as db:
        if not await catalog.is_empty(db):
            return False
    declared = catalog.load_file(parts.settings.admit_catalog_file)
    async with parts.database.write() as db:
        await catalog.apply(db, declared, now=parts.clock.wall())
    return True


async def push_catalogue(billing: Billing) -> list[catalog.Refusal]:
    """Idempotent: what Stripe has already is left alone. Raises `GatewayUnavailable`."""
    return await catalog.push(billing.database, billing.gateway, await billing.stripe_account_id())
