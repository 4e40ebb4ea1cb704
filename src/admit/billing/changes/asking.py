"""A wish is committed before Stripe is asked for anything; of a subscription one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.changes.carrying_out import KEY, carry_out
from admit.billing.changes.models import Asked, Outcome, SubscriptionChange
from admit.billing.changes.repository import Changes
from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.errors import NothingToChange
from admit.billing.events import ChangeAsked
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.events import record
from admit.core.ids import new_id

MOST_BEFORE_IT = 3
"""Other wishes that are seen to their end first; more than tabs that somebody presses at once."""
LEFT_ALONE = timedelta(minutes=1)
"""After which the worker takes care of a wish whose owner did not come back."""


@dataclass(frozen=True)
class Wish:
    """`fits`: whether a subscription is one that this can be asked of."""

    asked: Asked
    fits: Callable[[Subscription], bool]
    details: Mapping[str, Any] = field(default_factory=dict)
    subscription_id: str | None = None
    """None: the person's newest that it fits."""


async def grant(
    billing: Billing, user_id: str, wish: Wish, *, asked_by: str | None = None
) -> Subscription:
    """The subscription as it is then; `asked_by`: when it was not the person.

    Raises `NothingToChange`, also when Stripe refuses, or `GatewayUnavailable`: then the wish is
    kept, and the worker goes on with it.
    """
    for _ in range(MOST_BEFORE_IT):
        noted = await _note(billing, user_id, wish, asked_by=asked_by or user_id)
        change = await carry_out(billing, noted.id)
        if change.asked != wish.asked or change.outcome == Outcome.lapsed:
            continue
        if change.outcome != Outcome.done:
            raise NothingToChange
        async with billing.database.read() as db:
            return await db.get_one(Subscription, change.subscription_id)
    raise NothingToChange


async def _note(billing: Billing, user_id: str, wish: Wish, *, asked_by: str) -> SubscriptionChange:
    """The wish, or the one that is under way before it."""
    async with billing.database.write() as db:
        row = await _subject(db, user_id, wish)
        await BillingAccounts(db).lock(row.billing_account_id)
        await db.refresh(row)
        if (before := await Changes(db).under_way(row.id)) is not None:
            return before
        if not wish.fits(row):
            raise NothingToChange
        change = SubscriptionChange(
            id=new_id("chg"),
            subscription_id=row.id,
            asked=wish.asked,
            asked_by=asked_by,
            created_at=billing.clock.wall(),
            **wish.details,
        )
        db.add(change)
        now = billing.clock.wall()
        asked = ChangeAsked(change_id=change.id, user_id=user_id)
        await record(db, asked, now=now, key=KEY.format(change.id), due_at=now + LEFT_ALONE)
        return change


async def _subject(db: AsyncSession, user_id: str, wish: Wish) -> Subscription:
    mine = [
        row
        for row in await Subscriptions(db).of_user(user_id)
        if wish.subscription_id in {None, row.id}
    ]
    under_way = [row for row in mine if await Changes(db).under_way(row.id)]
    fitting = [row for row in mine if wish.fits(row)]
    for row in [*fitting, *under_way]:
        return row
    raise NothingToChange
