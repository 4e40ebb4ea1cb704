"""Facts that an object's latest state may no longer show.

Whoever marks such an event handled records its fact in the same transaction: a look at the object
may come before the worker does, and looks are merged, notices never. Each is read from a payload
of any API version.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.disputes.models import Dispute
from admit.billing.events import ActionRequired, DisputeMoneyMoved, RenewalComing
from admit.billing.invoices.mirror import record_failed_attempt
from admit.billing.reconciliation.reading import id_of
from admit.billing.reconciliation.repository import Inbox
from admit.billing.webhooks.routing import subscription_of
from admit.core.events import record


@dataclass(frozen=True)
class Notice:
    """What the event carried, and whom it concerns."""

    carried: Mapping[str, Any]
    user_id: str
    now: datetime


async def record_notices(db: AsyncSession, event_ids: Collection[str], *, now: datetime) -> None:
    for event in [json.loads(payload) for payload in await Inbox(db).payloads(event_ids)]:
        carried = event["data"]["object"]
        account = await _account_of(db, carried)
        if account is not None:
            await NOTED[event["type"]](db, Notice(carried, account.user_id, now))


async def _account_of(db: AsyncSession, carried: Mapping[str, Any]) -> BillingAccount | None:
    """A dispute names no customer; its mirror is written by then."""
    if carried["object"] == "dispute":
        dispute = await db.get(Dispute, carried["id"])
        return await db.get(BillingAccount, dispute.billing_account_id) if dispute else None
    return await BillingAccounts(db).of_customer(id_of(carried["customer"]) or "")


async def _attempt_failed(db: AsyncSession, notice: Notice) -> None:
    await record_failed_attempt(
        db,
        user_id=notice.user_id,
        invoice_id=notice.carried["id"],
        attempt=notice.carried["attempt_count"],
        now=notice.now,
    )


async def _action_required(db: AsyncSession, notice: Notice) -> None:
    invoice_id, attempt = notice.carried["id"], notice.carried["attempt_count"]
    required = ActionRequired(invoice_id=invoice_id, user_id=notice.user_id, attempt=attempt)
    await record(db, required, now=notice.now, key=f"invoice:{invoice_id}:action:{attempt}")


async def _renewal_coming(db: AsyncSession, notice: Notice) -> None:
    """Once a period, though an amount that changes may be told again."""
    subscription_id = str(subscription_of(notice.carried))
    on = notice.carried["period_end"]
    coming = RenewalComing(
        subscription_id=subscription_id,
        user_id=notice.user_id,
        on=on,
        amount_due=notice.carried["amount_due"],
        currency=notice.carried["currency"],
    )
    await record(db, coming, now=notice.now, key=f"subscription:{subscription_id}:renews:{on}")


async def _money_withdrawn(db: AsyncSession, notice: Notice) -> None:
    await _money_moved(db, notice, reinstated=False)


async def _money_reinstated(db: AsyncSession, notice: Notice) -> None:
    await _money_moved(db, notice, reinstated=True)


async def _money_moved(db: AsyncSession, notice: Notice, *, reinstated: bool) -> None:
    dispute_id = notice.carried["id"]
    moved = DisputeMoneyMoved(dispute_id=dispute_id, user_id=notice.user_id, reinstated=reinstated)
    direction = "reinstated" if reinstated else "withdrawn"
    await record(db, moved, now=notice.now, key=f"dispute:{dispute_id}:{direction}")


NOTED: Mapping[str, Callable[[AsyncSession, Notice], Awaitable[None]]] = {
    "invoice.payment_failed": _attempt_failed,
    "invoice.payment_action_required": _action_required,
    "invoice.upcoming": _renewal_coming,
    "charge.dispute.funds_withdrawn": _money_withdrawn,
    "charge.dispute.funds_reinstated": _money_reinstated,
}
"""Every type that `webhooks.routing` marks as a notice."""
