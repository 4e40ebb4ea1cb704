"""What people ask of their subscription, besides another plan: an end, a pause, a change of mind.

Each may raise `NothingToChange`, or `GatewayUnavailable`: then the wish is kept, and carried out as
soon as Stripe answers.
"""

from datetime import datetime

from admit.accounts.person import Person
from admit.billing.changes import decisions
from admit.billing.changes.asking import Wish, grant
from admit.billing.changes.models import Asked
from admit.billing.changes.reasons import Feedback
from admit.billing.context import Billing
from admit.billing.errors import NothingToChange
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions

MOST_AT_ONCE = 20
"""More than anybody has; Stripe's answer may lag, and asking again must come to an end."""


async def cancel_at_period_end(
    billing: Billing,
    person: Person,
    *,
    subscription_id: str | None = None,
    feedback: Feedback | None = None,
    comment: str = "",
) -> Subscription:
    """Access stays until the period ends, a trial's too."""
    details = {"feedback": feedback, "comment": comment or None}
    wish = Wish(Asked.cancel, decisions.may_cancel, details, subscription_id)
    return await grant(billing, person.id, wish)


async def cancel_all_at_period_end(billing: Billing, user_id: str) -> None:
    """Of somebody who left; trying again goes on where it stopped."""
    for _ in range(MOST_AT_ONCE):
        try:
            await grant(billing, user_id, Wish(Asked.cancel, decisions.may_cancel))
        except NothingToChange:
            return


async def cancel_now(
    billing: Billing, staff: Person, subscription_id: str, *, comment: str = ""
) -> Subscription:
    """Access ends at once, and nothing is paid back by this. For staff."""
    async with billing.database.read() as db:
        user_id = await Subscriptions(db).owner(subscription_id)
    if user_id is None:
        raise NothingToChange
    details = {"comment": comment or None}
    wish = Wish(Asked.cancel_now, decisions.may_cancel_now, details, subscription_id)
    return await grant(billing, user_id, wish, asked_by=staff.id)


async def resume(
    billing: Billing, person: Person, *, subscription_id: str | None = None
) -> Subscription:
    """Takes the cancellation back."""
    wish = Wish(Asked.resume, decisions.may_resume, subscription_id=subscription_id)
    return await grant(billing, person.id, wish)


async def pause(
    billing: Billing,
    person: Person,
    *,
    until: datetime | None = None,
    subscription_id: str | None = None,
) -> Subscription:
    """Nothing is charged from the next renewal on; what is paid for stays open.

    `until` (business time): it goes on by itself then; None: when the person says so.
    """
    wish = Wish(Asked.pause, decisions.may_pause, {"resumes_at": until}, subscription_id)
    return await grant(billing, person.id, wish)


async def unpause(
    billing: Billing, person: Person, *, subscription_id: str | None = None
) -> Subscription:
    """Goes on with the time that is paid for, or begins, and charges, a new period."""
    anew = await _begins_anew(billing, person.id, subscription_id)
    details = {"begins_anew": anew}
    wish = Wish(Asked.unpause, decisions.may_unpause, details, subscription_id)
    return await grant(billing, person.id, wish)


async def _begins_anew(billing: Billing, user_id: str, subscription_id: str | None) -> bool:
    async with billing.database.read() as db:
        for row in await Subscriptions(db).of_user(user_id):
            if subscription_id in {None, row.id} and decisions.may_unpause(row):
                return decisions.begins_anew(
                    status=row.status,
                    paid_until=await Subscriptions(db).paid_until(row),
                    now=billing.clock.business(),
                )
    raise NothingToChange
