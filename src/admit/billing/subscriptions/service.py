"""Cancel at the end of the period, and change one's mind."""

from admit.accounts.person import Person
from admit.billing.changes.models import SubscriptionChange
from admit.billing.context import Billing
from admit.billing.errors import NothingToChange
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.ids import new_id

MOST_AT_ONCE = 20
"""More than anybody has; Stripe's answer may lag, and asking again must come to an end."""
CHANGEABLE = frozenset({"active", "trialing", "past_due"})


async def cancel_at_period_end(billing: Billing, person: Person) -> Subscription:
    """Access stays until the period ends. Raises `NothingToChange`, `GatewayUnavailable`."""
    return await _set_cancelling(billing, person.id, cancel=True)


async def cancel_all_at_period_end(billing: Billing, user_id: str) -> None:
    """Of somebody who left. Raises `GatewayUnavailable`; trying again goes on where it stopped."""
    for _ in range(MOST_AT_ONCE):
        try:
            await _set_cancelling(billing, user_id, cancel=True)
        except NothingToChange:
            return


async def resume(billing: Billing, person: Person) -> Subscription:
    """Takes the cancellation back. Raises `NothingToChange`, `GatewayUnavailable`."""
    return await _set_cancelling(billing, person.id, cancel=False)


async def _set_cancelling(billing: Billing, user_id: str, *, cancel: bool) -> Subscription:
    change = await _note_change(billing, user_id, cancel=cancel)
    ref = ObjectRef("subscription", change.subscription_id)
    try:
        await billing.gateway.post(
            f"/v1/subscriptions/{change.subscription_id}",
            {"cancel_at_period_end": cancel},
            key=f"change:{change.id}",
        )
    except GatewayRefused:
        # It has ended meanwhile, say: the account page then shows what is true.
        await reconcile(billing, ref)
        raise NothingToChange from None
    await reconcile(billing, ref)
    async with billing.database.write() as db:
        row = await db.get_one(SubscriptionChange, change.id)
        row.done_at = billing.clock.wall()
        return await db.get_one(Subscription, change.subscription_id)


async def _note_change(billing: Billing, user_id: str, *, cancel: bool) -> SubscriptionChange:
    async with billing.database.write() as db:
        changeable = [
            row
            for row in await Subscriptions(db).of_user(user_id)
            if row.status in CHANGEABLE and not row.deleted and row.cancel_at_period_end != cancel
        ]
        if not changeable:
            raise NothingToChange
        change = SubscriptionChange(
            id=new_id("chg"),
            subscription_id=changeable[0].id,
            asked="cancel_at_period_end" if cancel else "resume",
            asked_by=user_id,
            created_at=billing.clock.wall(),
        )
        db.add(change)
        return change
