"""Which lists are a person's: those under their own id, and those of their billing accounts."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.repository import BillingAccounts


async def scopes_of(db: AsyncSession, user_id: str) -> Collection[str]:
    return [user_id, *await BillingAccounts(db).ids_of_user(user_id)]
