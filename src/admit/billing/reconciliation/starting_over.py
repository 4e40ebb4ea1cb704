"""The simulator was reset, or went back to a snapshot: what we mirror is asked for anew.

Stripe's objects never change behind its own events, and what has ended there never comes back. A
simulator's do, under a new epoch: then our looks prove nothing any more, a 404 is no lag but the
truth, and what had ended may live again.
"""

import structlog
from sqlalchemy import update

from admit.billing.catalog import service as catalog
from admit.billing.catalog.models import Plan, Price, StripeFeature
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.retiring import customers_of, no_wishes, retire
from admit.billing.reconciliation.sweep import COMPARED, reconcile_customer
from admit.billing.stripe_account import StripeAccount, connected_account, remember_account

log = structlog.get_logger(__name__)


async def notice_epoch(billing: Billing, epoch: str) -> bool:
    """Whether everything was asked for anew because the simulator's epoch is another one.

    Raises `GatewayUnavailable`; the epoch is kept at the end, so that the next call begins again.
    """
    async with billing.database.read() as db:
        known = await connected_account(db, mode=billing.mode)
    if known is None or known.epoch == epoch:
        return False
    account_id = str((await billing.gateway.get("/v1/account"))["id"])
    # An account that was met a moment before a reset has no epoch of its own yet.
    starts_over = known.epoch is not None or known.account_id != account_id
    if starts_over:
        log.warning("billing.starts_over", epoch=epoch)
        known = await _start_over(billing, known, now_there=account_id)
    async with billing.database.write() as db:
        (await db.get_one(StripeAccount, known.id)).epoch = epoch
    return starts_over


async def _start_over(billing: Billing, known: StripeAccount, *, now_there: str) -> StripeAccount:
    """The row of the account that is there now; after a reset it is another one."""
    if now_there != known.account_id:
        for account_id in await customers_of(billing, known.id):
            await retire(billing, account_id)
        async with billing.database.write() as db:
            known = await remember_account(db, account_id=now_there, mode=billing.mode)
    else:
        for account_id in await customers_of(billing, known.id):
            await _compare(billing, account_id)
        await _forget_what_was_pushed(billing)
    await catalog.push(billing.database, billing.gateway, known.id)
    return known


async def _compare(billing: Billing, account_id: str) -> None:
    if not await _customer_is_there(billing, account_id):
        await retire(billing, account_id)
        return
    async with billing.database.write() as db:
        account = await BillingAccounts(db).lock(account_id)
        account.customer_deleted_at = None
        for table in COMPARED.values():
            mine = table.billing_account_id == account_id
            await db.execute(update(table).where(mine).values(ended=False, deleted=False))
        await db.execute(no_wishes(account_id))
    await reconcile_customer(billing, account_id, anew=True)


async def _customer_is_there(billing: Billing, account_id: str) -> bool:
    async with billing.database.read() as db:
        account = await db.get_one(BillingAccount, account_id)
    try:
        customer = await billing.gateway.get(f"/v1/customers/{account.stripe_customer_id}")
    except GatewayRefused as refusal:
        if refusal.is_missing:
            return False
        raise
    return not customer.get("deleted", False)


async def _forget_what_was_pushed(billing: Billing) -> None:
    """Products and prices are looked for by our own names, and made where they are gone."""
    async with billing.database.write() as db:
        for table in (Plan, Price, StripeFeature):
            await db.execute(update(table).values(stripe_account_id=None))
