"""Whose an object of Stripe's is: the billing account of its customer, locked for the write."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import CustomerLinked
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import ObjectRef, Shape
from admit.core.events import record


async def customer_of(db: AsyncSession, ref: ObjectRef, shape: Shape | None) -> str | None:
    """As the object says, or the object that it is part of, or our row of it: what has been taken
    off its customer is still the person's.
    """
    if shape is not None and shape.customer_id is not None:
        return shape.customer_id
    if shape is not None and shape.through is not None:
        return await MIRRORS[shape.through.kind].customer_of(db, shape.through.id)
    return await MIRRORS[ref.kind].customer_of(db, ref.id)


async def claim_account(
    db: AsyncSession, ref: ObjectRef, shape: Shape | None, *, now: datetime
) -> BillingAccount | None:
    """The billing account of the object's customer, locked; `None` when nobody is linked."""
    accounts = BillingAccounts(db)
    customer_id = await customer_of(db, ref, shape)
    if customer_id is None:
        return None
    account = await accounts.of_customer(customer_id)
    if account is None and shape is not None:
        # Of a customer that was replaced: what we mirror of it stays with its person.
        known = await MIRRORS[ref.kind].customer_of(db, ref.id)
        account = await accounts.of_customer(known) if known else None
    if account is not None:
        return await accounts.lock(account.id)
    if shape is None or shape.claims_account is None or shape.ended:
        return None
    return await _link(db, shape.claims_account, customer_id, now=now)


async def _link(
    db: AsyncSession, account_id: str, customer_id: str, *, now: datetime
) -> BillingAccount | None:
    """A customer that we made, and whose id a crash kept from being stored."""
    account = await db.get(BillingAccount, account_id, with_for_update=True)
    if account is None or account.stripe_customer_id is not None:
        return None
    account.link(customer_id)
    linked = CustomerLinked(billing_account_id=account_id)
    await record(db, linked, now=now, key=f"linked:{account_id}:{customer_id}")
    return account
