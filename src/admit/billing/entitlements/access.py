"""What Stripe says is active opens here, as far as no plan of ours decides about it.

A feature that a plan of the person includes is that plan's alone: paid, in grace or over as our
rules say. Anything else that Stripe calls active, and that is a feature here, is open for as long
as Stripe says so: staff can open features in Stripe's dashboard, without a line of the catalogue.
"""

from collections.abc import Iterable

import admit.billing.catalog.service as catalog
from admit.access import service as access
from admit.access.models import Source
from admit.billing.entitlements.models import Entitlements
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.subscriptions.repository import Subscriptions

SOURCE = Source.stripe_entitlement
PREFIX = "entitlements:"
"""The summary has no id of its own at Stripe (https://docs.stripe.com/api/entitlements)."""
ACTIVE = "active"
GONE = "not_active"


def id_of(customer_id: object) -> str:
    return f"{PREFIX}{customer_id}"


async def settle_entitlements(writing: Writing, row: Entitlements) -> None:
    """After a look at Stripe."""
    keys = frozenset() if row.deleted or row.ended else frozenset(row.lookup_keys)
    known = {feature.key for feature in await access.features_in_use(writing.db)}
    of_plans = await _of_plans(writing, row.price_ids)
    await _open(writing, row, (keys & known) - of_plans)


async def leave_to_plans(writing: Writing) -> None:
    """After a subscription changed: closes what is its plan's from now on. It opens nothing, for
    what was active when Stripe was looked at may have ended with the subscription.
    """
    row = await writing.db.get(Entitlements, id_of(writing.account.stripe_customer_id))
    if row is None:
        return
    now = writing.business_now
    held = await access.features_held(writing.db, source=SOURCE, source_id=row.id, now=now)
    if held:
        await _open(writing, row, held - await _of_plans(writing, row.price_ids))


async def _open(writing: Writing, row: Entitlements, features: frozenset[str]) -> None:
    db, now = writing.db, writing.business_now
    if not features:
        await access.release(db, source=SOURCE, source_id=row.id, now=now, reason=GONE)
        return
    await access.hold(
        db,
        user_id=writing.account.user_id,
        source=SOURCE,
        source_id=row.id,
        features=dict.fromkeys(sorted(features)),
        ends_at=None,
        review_at=None,
        now=now,
        reason=ACTIVE,
    )


async def _of_plans(writing: Writing, price_ids: Iterable[str]) -> frozenset[str]:
    """Of the subscriptions that our mirror knows as live, and of those that Stripe listed."""
    subscriptions = Subscriptions(writing.db)
    known = set(price_ids)
    for live in await subscriptions.live_of_account(writing.account.id):
        known |= {live.stripe_price_id, *await subscriptions.price_ids(live.id)}
    plans = [await catalog.plan_of_stripe_price(writing.db, each) for each in sorted(known)]
    return frozenset(key for plan in plans if plan is not None for key in plan.features)
