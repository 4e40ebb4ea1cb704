"""A committed wish is seen to its end: by whoever asked, by whoever comes next, or by the worker.

Each request at Stripe is keyed by the wish, and what came of it is read back before the wish is
marked done; so it does not matter where a process dies.
"""

import asyncio
from datetime import timedelta
from weakref import WeakValueDictionary

from admit.billing.changes.models import Outcome, SubscriptionChange
from admit.billing.changes.repository import Changes
from admit.billing.changes.requests import send
from admit.billing.context import Billing
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.core.events.repository import Reactions

KEPT = timedelta(days=1)
"""How long a wish is still what somebody wants, and Stripe remembers its key at least
(https://docs.stripe.com/api/idempotent_requests)."""

KEY = "change:{}"
CARRY_OUT = "billing.carry_out_change"

_turns: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()


async def carry_out(billing: Billing, change_id: str) -> SubscriptionChange:
    """Raises `GatewayUnavailable`; the wish stays, and can be carried out again."""
    async with _turn(change_id):
        async with billing.database.read() as db:
            change = await Changes(db).by_id(change_id)
        if change.done_at is not None:
            return change
        outcome, told = await _outcome(billing, change)
        await reconcile(billing, ObjectRef("subscription", change.subscription_id))
        return await _close(billing, change_id, outcome, told)


def _turn(change_id: str) -> asyncio.Lock:
    """Two clicks at once: Stripe refuses a key while the same request is under way."""
    return _turns.setdefault(change_id, asyncio.Lock())


async def _outcome(billing: Billing, change: SubscriptionChange) -> tuple[Outcome, str | None]:
    if billing.clock.wall() - change.created_at > KEPT:
        return Outcome.lapsed, None
    try:
        await send(billing, change)
    except GatewayRefused as refusal:
        # It has ended meanwhile, say: the account page then shows what is true.
        return Outcome.refused, refusal.reason
    return Outcome.done, None


async def _close(
    billing: Billing, change_id: str, outcome: Outcome, told: str | None
) -> SubscriptionChange:
    async with billing.database.write() as db:
        change = await Changes(db).by_id(change_id)
        if change.done_at is None:
            change.outcome, change.told = outcome, told
            change.done_at = billing.clock.wall()
            await Reactions(db).spare([(event_of(change.id), CARRY_OUT)], now=change.done_at)
        return change


def event_of(change_id: str) -> str:
    """The event that wakes the worker when nobody else has seen the wish to its end."""
    return f"admit:{KEY.format(change_id)}"
