"""Nothing of a customer is left at the Stripe account in use: access ends with what it rested on.

Its people stay, and what staff granted them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Update, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.checkout.models import Checkout, CheckoutStatus
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.invoices.models import Invoice
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import Look, MirrorOf, ObjectRef
from admit.billing.reconciliation.models import MirrorRow
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.repository import take_number
from admit.billing.reconciliation.service import writing_of
from admit.billing.reconciliation.settled import SETTLED
from admit.core.clock import to_seconds

ASKED_ANEW = frozenset({"checkout.session", "payment_method", "subscription_schedule"})
"""Kinds that neither grant nor tell of money: forgotten, and asked for when they are named."""


async def customers_of(billing: Billing, stripe_account_id: int) -> Sequence[str]:
    """The billing accounts that have a customer there."""
    async with billing.database.read() as db:
        rows = await db.scalars(
            select(BillingAccount.id)
            .where(
                BillingAccount.stripe_account_id == stripe_account_id,
                BillingAccount.stripe_customer_id.is_not(None),
            )
            .order_by(BillingAccount.id)
        )
        return rows.all()


async def retire(billing: Billing, account_id: str, *, keep_history: bool = False) -> None:
    """Repeatable. `keep_history`: what was paid stays on its person's pages as it is."""
    async with billing.database.write() as db:
        account = await BillingAccounts(db).lock(account_id)
        second = to_seconds(billing.clock.business())
        look = Look(await take_number(db), Source.fetch, second)
        writing = writing_of(billing, db, account, look)
        for ref in await _living(db, account_id, keep_history=keep_history):
            await MIRRORS[ref.kind].mark_deleted(writing, ref.id)
        await MIRRORS["customer"].mark_deleted(writing, account.stripe_customer_id or "")
        for kind, table in tables():
            if kind in ASKED_ANEW:
                await db.execute(delete(table).where(table.billing_account_id == account_id))
        await db.execute(no_wishes(account_id))


async def revive(db: AsyncSession, stripe_account_id: int, *, now: datetime) -> None:
    """What its customers had may live, and is looked at anew: nobody looked meanwhile."""
    for kind, table in tables():
        if kind not in ASKED_ANEW:
            mine = table.stripe_account_id == stripe_account_id
            await db.execute(update(table).where(mine).values(ended=False, deleted=False))
    await db.execute(
        update(BillingAccount)
        .where(BillingAccount.stripe_account_id == stripe_account_id)
        .values(looked_at=None, customer_deleted_at=None, history_until=now)
    )


def tables() -> Iterator[tuple[str, type[MirrorRow]]]:
    for kind, mirror in MIRRORS.items():
        if isinstance(mirror, MirrorOf):
            yield kind, mirror.table


async def _living(db: AsyncSession, account_id: str, *, keep_history: bool) -> list[ObjectRef]:
    found: list[ObjectRef] = []
    for kind, table in tables():
        mine = [table.billing_account_id == account_id, table.deleted.is_(False)]
        if kind in ASKED_ANEW or (keep_history and kind not in {"invoice", "subscription"}):
            continue
        if keep_history and kind == "invoice":
            mine.append(Invoice.status.not_in(SETTLED))
        found += [
            ObjectRef(kind, known) for known in await db.scalars(select(table.id).where(*mine))
        ]
    # Once nothing grants any more, what goes with it gives nothing back.
    return sorted(found, key=lambda ref: (ref.kind != "subscription", ref))


def no_wishes(account_id: str) -> Update:
    """An opened payment page may be gone; whoever still wants to pay opens another one."""
    mine = (Checkout.billing_account_id == account_id, Checkout.status == CheckoutStatus.open)
    return update(Checkout).where(*mine).values(status=CheckoutStatus.expired)
