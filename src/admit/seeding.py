"""The catalogue from its file into the database, and from there to Stripe."""

from admit.billing.catalog import service as catalog
from admit.billing.context import Billing
from admit.core.http.state import Parts


async def seed_catalogue(parts: Parts) -> None:
    """Idempotent: the file is the truth."""
    declared = catalog.load_file(parts.settings.admit_catalog_file)
    async with parts.database.write() as db:
        await catalog.seed(db, declared, now=parts.clock.wall())


async def push_catalogue(billing: Billing) -> None:
    """Idempotent: what Stripe has already is left alone. Raises `GatewayUnavailable`."""
    await catalog.push(billing.database, billing.gateway, await billing.stripe_account_id())
