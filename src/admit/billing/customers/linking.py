"""A customer that Stripe has already becomes a person's: by an operator's word, or by proof.

Never by the address alone. One customer has one person, whoever asks at the same moment: the
database refuses the second.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.people.file import Problem
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.errors import CustomerTaken, HasCustomer
from admit.billing.events import CustomerLinked
from admit.billing.gateway import GatewayRefused
from admit.core.events import record
from admit.core.events.service import insert_new
from admit.core.ids import new_id

FEW = 100
"""So many are asked for one by one; of more, the whole list is read."""
AT_ONCE = 500


@dataclass(frozen=True)
class Wish:
    """Line of the file; whom it names; the person, when they have an account already."""

    line: int
    customer_id: str
    user_id: str | None


async def link_customer(billing: Billing, *, user_id: str, customer_id: str) -> bool:
    """False when it is theirs already. Raises `CustomerTaken`, `HasCustomer`.

    What the customer has is looked at by the worker, as after every linking.
    """
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.write() as db:
        account = await _own_account(billing, db, user_id, stripe_account_id)
        return await link(billing, db, account, customer_id)


async def link(
    billing: Billing, db: AsyncSession, account: BillingAccount, customer_id: str
) -> bool:
    """As `link_customer`, in this transaction, which has locked the account."""
    if account.stripe_customer_id == customer_id and account.customer_deleted_at is None:
        return False
    if account.stripe_customer_id is not None and account.customer_deleted_at is None:
        raise HasCustomer
    account.link(customer_id)
    account.history_until = billing.clock.business()
    try:
        await db.flush()
    except IntegrityError:
        raise CustomerTaken from None
    linked = CustomerLinked(billing_account_id=account.id)
    key = f"linked:{account.id}:{customer_id}"
    await record(db, linked, now=billing.clock.wall(), key=key)
    return True


async def _own_account(
    billing: Billing, db: AsyncSession, user_id: str, stripe_account_id: int
) -> BillingAccount:
    """Locked."""
    await db.execute(
        insert_new(db, BillingAccount).values(
            id=new_id("ba"),
            user_id=user_id,
            stripe_account_id=stripe_account_id,
            created_at=billing.clock.wall(),
        )
    )
    account = await BillingAccounts(db).of_user(user_id, stripe_account_id=stripe_account_id)
    if account is None:
        raise LookupError("A billing account was written and cannot be read.")
    return await BillingAccounts(db).lock(account.id)


async def problems_with(billing: Billing, wishes: Sequence[Wish]) -> list[Problem]:
    """What would be refused, before anything is changed. Raises `GatewayUnavailable`."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.read() as db:
        taken = await _owners(db, [wish.customer_id for wish in wishes])
        own = await _customers_of(db, [wish.user_id for wish in wishes], stripe_account_id)
    there = await existing_customers(billing, {wish.customer_id for wish in wishes})
    problems = []
    for wish in wishes:
        owner, customer = taken.get(wish.customer_id), own.get(wish.user_id)
        if owner and owner[0] != wish.user_id:
            what = f"{wish.customer_id} belongs to {owner[1]} already."
        elif customer and customer != wish.customer_id:
            what = f"The person has another customer already, {customer}."
        elif wish.customer_id not in there:
            what = f"Stripe does not know {wish.customer_id}."
        else:
            continue
        problems.append(Problem(wish.line, what))
    return problems


async def _owners(db: AsyncSession, customer_ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Customer -> id and address of its person."""
    found: dict[str, tuple[str, str]] = {}
    for some in _portions(customer_ids):
        rows = await db.execute(
            select(BillingAccount.stripe_customer_id, User.id, User.email)
            .join(User, User.id == BillingAccount.user_id)
            .where(BillingAccount.stripe_customer_id.in_(some))
        )
        found |= {str(customer): (user_id, email) for customer, user_id, email in rows}
    return found


async def _customers_of(
    db: AsyncSession, user_ids: Sequence[str | None], stripe_account_id: int
) -> Mapping[str | None, str]:
    found: dict[str | None, str] = {}
    for some in _portions([user_id for user_id in user_ids if user_id]):
        rows = await db.execute(
            select(BillingAccount.user_id, BillingAccount.stripe_customer_id).where(
                BillingAccount.user_id.in_(some),
                BillingAccount.stripe_account_id == stripe_account_id,
                BillingAccount.stripe_customer_id.is_not(None),
                BillingAccount.customer_deleted_at.is_(None),
            )
        )
        found |= {user_id: str(customer) for user_id, customer in rows}
    return found


async def existing_customers(billing: Billing, customer_ids: Collection[str]) -> set[str]:
    """Those that are there and not deleted. Raises `GatewayUnavailable`."""
    if len(customer_ids) > FEW:
        pages = billing.gateway.pages("/v1/customers")
        listed = {row["id"] async for page in pages for row in page.body["data"]}
        return listed & set(customer_ids)
    return {each for each in customer_ids if await _exists(billing, each)}


async def _exists(billing: Billing, customer_id: str) -> bool:
    try:
        customer = await billing.gateway.get(f"/v1/customers/{customer_id}")
    except GatewayRefused as refusal:
        if refusal.is_missing:
            return False
        raise
    return not customer.get("deleted", False)


def _portions(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
