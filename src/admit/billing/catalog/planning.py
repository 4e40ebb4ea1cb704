"""What a catalogue would change, here and at Stripe, and the change itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog.applying import apply
from admit.billing.catalog.comparison import Change, access_changes, changes
from admit.billing.catalog.concerned import Concerned, concerned
from admit.billing.catalog.entries import Catalog
from admit.billing.catalog.push import Refusal, push
from admit.billing.catalog.standing import standing_catalog
from admit.billing.catalog.steps import note_features, steps
from admit.billing.context import Billing
from admit.billing.stripe_account import connected_account


@dataclass(frozen=True)
class Outlook:
    """All of it empty: the catalogue says the same already, here and at Stripe."""

    changes: Sequence[Change]
    steps: Sequence[str]
    """At Stripe."""
    concerned: Sequence[Concerned]

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.steps


async def plan(billing: Billing, wanted: Catalog) -> Outlook:
    """Does it, looks, and takes it back: what is shown is what would happen."""
    async with billing.database.write() as db:
        outlook = await _apply(billing, db, wanted)
        await db.rollback()
    return outlook


async def carry_out(billing: Billing, wanted: Catalog) -> Outlook:
    """Here, in one transaction; `push_now` brings it to Stripe."""
    async with billing.database.write() as db:
        return await _apply(billing, db, wanted)


async def push_now(billing: Billing) -> list[Refusal]:
    """Raises `GatewayUnavailable`; the next push goes on from there."""
    account = await billing.stripe_account_id()
    return await push(billing.database, billing.gateway, account)


async def _apply(billing: Billing, db: AsyncSession, wanted: Catalog) -> Outlook:
    present = await standing_catalog(db)
    whom = access_changes(present, wanted)
    counted = await concerned(db, whom, now=billing.clock.business())
    await apply(db, wanted, now=billing.clock.wall())
    await note_features(db)
    known = await connected_account(db, mode=billing.mode)
    return Outlook(
        changes=changes(present, wanted),
        steps=[str(step) for step in await steps(db, known.id if known else None)],
        concerned=counted,
    )
