"""Facts that an object's latest state may no longer show.

Whoever marks such an event handled records its fact in the same transaction: a look at the object
may come before the worker does, and looks are merged, notices never.
"""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.repository import BillingAccounts
from admit.billing.invoices.mirror import record_failed_attempt
from admit.billing.reconciliation.reading import id_of
from admit.billing.reconciliation.repository import Inbox


async def record_notices(db: AsyncSession, event_ids: Collection[str], *, now: datetime) -> None:
    """A failed attempt is the only kind so far; read from a payload of any API version."""
    for event in [json.loads(payload) for payload in await Inbox(db).payloads(event_ids)]:
        invoice = event["data"]["object"]
        account = await BillingAccounts(db).of_customer(id_of(invoice["customer"]) or "")
        if account is not None:
            await record_failed_attempt(
                db,
                user_id=account.user_id,
                invoice_id=invoice["id"],
                attempt=invoice["attempt_count"],
                now=now,
            )
