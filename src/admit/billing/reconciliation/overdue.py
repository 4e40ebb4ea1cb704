"""What has run out ends only after Stripe was asked; no answer keeps access."""

import structlog

from admit.access import service as access
from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.gateway import GatewayUnavailable
from admit.billing.reconciliation.mirrors import Look, ObjectRef
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.service import Outcome, reconcile, writing_of
from admit.billing.subscriptions.access import SOURCE, settle_access
from admit.billing.subscriptions.models import Subscription

log = structlog.get_logger(__name__)


async def close_overdue(billing: Billing) -> int:
    """How many subscriptions were looked at. `GatewayUnavailable` ends the round early."""
    async with billing.database.read() as db:
        due = await access.due_for_review(db, billing.clock.business())
    looked = 0
    for source, subscription_id in due:
        if source != SOURCE:
            continue
        try:
            outcome = await reconcile(billing, ObjectRef("subscription", subscription_id))
        except GatewayUnavailable:
            log.warning("billing.overdue_waits", subscription=subscription_id)
            return looked
        except Exception:
            # One that cannot be looked at must not keep the others open.
            log.exception("billing.overdue_failed", subscription=subscription_id)
            continue
        if outcome is Outcome.missing:
            # Nobody deleted it and Stripe does not know it: that is no word of Stripe's.
            log.warning("billing.overdue_missing", subscription=subscription_id)
            continue
        await _close(billing, subscription_id)
        looked += 1
    return looked


async def _close(billing: Billing, subscription_id: str) -> None:
    async with billing.database.write() as db:
        row = await db.get(Subscription, subscription_id)
        if row is None:
            return
        account = await BillingAccounts(db).lock(row.billing_account_id)
        await db.refresh(row)
        look = Look(row.look, Source(row.look_source), row.look_second)
        await settle_access(writing_of(billing, db, account, look, closing=True), row)
