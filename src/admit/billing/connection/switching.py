"""`admit stripe switch`: from the simulator, or from another account or mode, to the key in use.

People, their accounts and what staff granted stay. What was bought at the former account cannot go
on at the new one: its mirrors are retired, and the grants that rested on them end. The catalogue is
offered anew. Going back takes up what that account holds.

Each step is one transaction and can be repeated. From the first one on until the new account is in
use no server starts, with either key; whoever changes their mind runs the command with the former
key, and what had been retired is taken up again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access import service as access
from admit.accounts.models import User
from admit.billing.catalog import service as catalog
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.repository import Inbox
from admit.billing.reconciliation.retiring import customers_of, retire, revive
from admit.billing.reconciliation.sweep import reconcile_customer
from admit.billing.stripe_account import StripeAccount, connect, newest_account, note_account
from admit.billing.subscriptions.models import Subscription
from admit.core.business_time import move_business_time

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class NothingToSwitch(Exception):
    """The key in use is of the account that this database belongs to."""


@dataclass(frozen=True)
class Ending:
    """A subscription that cannot go on elsewhere."""

    email: str
    plan: str
    status: str
    period_end: datetime


@dataclass(frozen=True)
class Plan:
    """`before` and `after` as "acct_1 (test)"."""

    before: str
    after: str
    people: int
    ending: Sequence[Ending]
    returning: int
    """Customers of the new account that are known from an earlier time."""


async def plan_switch(billing: Billing, account_id: str) -> Plan:
    """What `switch` would do. Raises `NothingToSwitch`."""
    async with billing.database.read() as db:
        known = await newest_account(db)
        if known is None or _is_settled(known, account_id, billing.mode):
            raise NothingToSwitch
        target = await _find(db, account_id, billing.mode)
        is_back = target is not None and target.id == known.id
        return Plan(
            before=_named(known),
            after=f"{account_id} ({billing.mode})",
            people=await db.scalar(select(func.count()).select_from(User)) or 0,
            ending=[] if is_back else await _ending(db, known),
            returning=await _customers(db, target),
        )


async def switch(billing: Billing, account_id: str, *, tell: Progress) -> None:
    """Raises `GatewayUnavailable`; the next call goes on where it stopped."""
    async with billing.database.write() as db:
        known = await newest_account(db)
        target = await note_account(db, account_id=account_id, mode=billing.mode)
        if known is not None and known.id != target.id and known.retired_at is None:
            known.retired_at = billing.clock.wall()
    if known is not None and known.id != target.id:
        await _retire_all(billing, known, tell)
    async with billing.database.write() as db:
        await _take_into_use(db, billing, target.id)
    await catalog.push(billing.database, billing.gateway, target.id)
    await catalog.recall(billing.database, billing.gateway, target.id)
    await look_at_the_unseen(billing, tell=tell)


async def look_at_the_unseen(billing: Billing, *, tell: Progress) -> None:
    """Customers that were taken up again and not looked at since. Raises `GatewayUnavailable`."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.read() as db:
        unseen = select(BillingAccount.id).where(
            BillingAccount.stripe_account_id == stripe_account_id,
            BillingAccount.stripe_customer_id.is_not(None),
            BillingAccount.looked_at.is_(None),
        )
        waiting = (await db.scalars(unseen)).all()
    for done, account in enumerate(waiting):
        tell("looking at known customers", done, len(waiting))
        await reconcile_customer(billing, account)


async def _retire_all(billing: Billing, known: StripeAccount, tell: Progress) -> None:
    accounts = await customers_of(billing, known.id)
    for done, account in enumerate(accounts):
        tell(f"retiring what {known.account_id} holds", done, len(accounts))
        # What people paid with real money stays on their pages.
        await retire(billing, account, keep_history=known.mode == "live")
    async with billing.database.write() as db:
        await Inbox(db).set_aside_all(now=billing.clock.wall())


async def _take_into_use(db: AsyncSession, billing: Billing, target_id: int) -> None:
    await connect(db, await db.get_one(StripeAccount, target_id, with_for_update=True))
    if not billing.settings.uses_simulator:
        # The time machine's offset is of the simulator's world.
        await move_business_time(db, billing.clock, seconds=0)
        await access.begin_by_now(db, billing.clock.business())
    await revive(db, target_id, now=billing.clock.business())


def _is_settled(known: StripeAccount, account_id: str, mode: str) -> bool:
    is_same = (known.account_id, known.mode) == (account_id, mode)
    return is_same and known.retired_at is None


async def _find(db: AsyncSession, account_id: str, mode: str) -> StripeAccount | None:
    return await db.scalar(
        select(StripeAccount).where(
            StripeAccount.account_id == account_id, StripeAccount.mode == mode
        )
    )


async def _ending(db: AsyncSession, known: StripeAccount) -> list[Ending]:
    rows = await db.execute(
        select(Subscription, User.email)
        .join(BillingAccount, BillingAccount.id == Subscription.billing_account_id)
        .join(User, User.id == BillingAccount.user_id)
        .where(
            Subscription.stripe_account_id == known.id,
            Subscription.ended.is_(False),
            Subscription.deleted.is_(False),
        )
        .order_by(User.email, Subscription.id)
    )
    return [
        Ending(
            email=email,
            plan=await _plan_name(db, subscription),
            status=subscription.status,
            period_end=subscription.current_period_end,
        )
        for subscription, email in rows.all()
    ]


async def _plan_name(db: AsyncSession, subscription: Subscription) -> str:
    plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
    return plan.name if plan else subscription.stripe_price_id


async def _customers(db: AsyncSession, account: StripeAccount | None) -> int:
    if account is None:
        return 0
    mine = select(func.count()).select_from(BillingAccount)
    return (
        await db.scalar(
            mine.where(
                BillingAccount.stripe_account_id == account.id,
                BillingAccount.stripe_customer_id.is_not(None),
            )
        )
        or 0
    )


def _named(account: StripeAccount) -> str:
    return f"{account.account_id} ({account.mode})"
