"""One Stripe customer a person, made before the first checkout and never adopted by address."""

from admit.accounts.person import Person
from admit.billing.context import Billing
from admit.billing.customers.mirror import ACCOUNT_METADATA
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import CustomerLinked
from admit.core.events import record
from admit.core.events.service import insert_new
from admit.core.ids import new_id


async def open_billing_account(billing: Billing, person: Person) -> BillingAccount:
    """The person's row, made on first need; two tabs end with one."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.write() as db:
        await db.execute(
            insert_new(db, BillingAccount).values(
                id=new_id("ba"),
                user_id=person.id,
                stripe_account_id=stripe_account_id,
                created_at=billing.clock.wall(),
            )
        )
        account = await BillingAccounts(db).of_user(person.id, stripe_account_id=stripe_account_id)
    if account is None:
        raise LookupError("A billing account was written and cannot be read.")
    return account


async def ensure_customer(billing: Billing, account: BillingAccount, person: Person) -> str:
    """The id of the person's customer at Stripe.

    The key is our row: two tabs, or a retry after a crash, make one customer. Stripe remembers
    keys for a day at least (https://docs.stripe.com/api/idempotent_requests), so an older row
    first looks for a customer that carries it.
    """
    if account.stripe_customer_id and account.customer_deleted_at is None:
        return account.stripe_customer_id
    found = await _customer_of_row(billing, account, person)
    customer_id = found or await _create(billing, account, person)
    async with billing.database.write() as db:
        locked = await BillingAccounts(db).lock(account.id)
        if locked.stripe_customer_id is None or locked.customer_deleted_at is not None:
            locked.link(customer_id)
            if found:
                linked = CustomerLinked(billing_account_id=account.id)
                key = f"linked:{account.id}:{found}"
                await record(db, linked, now=billing.clock.wall(), key=key)
        return str(locked.stripe_customer_id)


async def _customer_of_row(billing: Billing, account: BillingAccount, person: Person) -> str | None:
    """By our own metadata, never by the address alone."""
    listing = await billing.gateway.get("/v1/customers", {"email": person.email, "limit": 100})
    for customer in listing["data"]:
        if customer["metadata"].get(ACCOUNT_METADATA) == account.id:
            return str(customer["id"])
    return None


async def _create(billing: Billing, account: BillingAccount, person: Person) -> str:
    replaced = f":after:{account.stripe_customer_id}" if account.stripe_customer_id else ""
    customer = await billing.gateway.post(
        "/v1/customers",
        {
            "email": person.email,
            "name": f"{person.first_name} {person.last_name}".strip(),
            "metadata": {ACCOUNT_METADATA: account.id, "admit_user": person.id},
        },
        key=f"customer:{account.id}{replaced}",
    )
    return str(customer["id"])
