"""Heal what no event told us: missed events first, then the customers looked at longest ago."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Select, select

from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.disputes.models import Dispute
from admit.billing.entitlements.models import Entitlements
from admit.billing.gateway import GatewayRefused, GatewayUnavailable
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import Payment
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.models import MirrorRow
from admit.billing.reconciliation.repository import Inbox, SweepCursors
from admit.billing.reconciliation.service import reconcile
from admit.billing.refunds.models import Refund
from admit.billing.subscriptions.models import Subscription
from admit.billing.webhooks import tally
from admit.billing.webhooks.inbox import ReceivedEvent, store_events
from admit.billing.webhooks.tally import Outcome

log = structlog.get_logger(__name__)

OVERLAP_SECONDS = 3600
"""Events are asked for again this far back: their order in the list is not promised."""

POLL_OVERLAP_SECONDS = 60
"""The same where Stripe is asked all the time; what comes later yet, the sweep finds."""

DELIVERED_WITHIN_SECONDS = 300

COMPARED: Mapping[str, type[MirrorRow]] = {
    "charge": Payment,
    "dispute": Dispute,
    "entitlements.active_entitlement_summary": Entitlements,
    "invoice": Invoice,
    "refund": Refund,
    "subscription": Subscription,
}
"""What a customer has, by kind."""

CUSTOMERS_A_ROUND = 20
LOOK_AGAIN_AFTER = timedelta(days=1)


async def sweep(billing: Billing) -> int:
    """How many missed events were found. Raises `GatewayUnavailable`; what was found is kept."""
    found = await fetch_missed_events(billing)
    await look_at_customers(billing)
    return found


async def poll(billing: Billing) -> int:
    """In place of webhooks. Raises `GatewayUnavailable`; what was found is kept."""
    return await fetch_missed_events(billing, overlap_seconds=POLL_OVERLAP_SECONDS)


async def fetch_missed_events(billing: Billing, *, overlap_seconds: int = OVERLAP_SECONDS) -> int:
    """Stripe lists the events of 30 days (https://docs.stripe.com/api/events/list)."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.read() as db:
        until = await SweepCursors(db).events_until(stripe_account_id)
    asked: dict[str, Any] = {"created": {"gte": until - overlap_seconds}} if until else {}
    found, newest = 0, until or 0
    async for page in billing.gateway.pages("/v1/events", asked):
        events = page.body["data"]
        newest = max([newest, *(event["created"] for event in events)])
        missed = await _store_unknown(billing, events)
        found += len(missed)
        if until and not billing.settings.polls_events:
            await _note_missed(billing, missed, now=page.second)
    async with billing.database.write() as db:
        await SweepCursors(db).move(
            stripe_account_id, events_until=newest, now=billing.clock.wall()
        )
    return found


async def _store_unknown(billing: Billing, events: list[Mapping[str, Any]]) -> list[ReceivedEvent]:
    received = [ReceivedEvent.of_listed(event, mode=billing.mode) for event in events]
    async with billing.database.write() as db:
        unknown = await Inbox(db).unknown_among([event.row_id for event in received])
        missed = [event for event in received if event.row_id in unknown]
        await store_events(db, missed, now=billing.clock.wall())
    return missed


async def _note_missed(billing: Billing, missed: list[ReceivedEvent], *, now: int) -> None:
    """What may yet be on its way is not missed. `now` is by Stripe's clock."""
    overdue = [event for event in missed if now - event.created > DELIVERED_WITHIN_SECONDS]
    if not overdue:
        return
    log.warning("billing.events_missed", events=len(overdue))
    async with billing.database.write() as db:
        await tally.add(db, Outcome.missed, len(overdue), now=billing.clock.wall())


async def look_at_customers(
    billing: Billing, *, limit: int = CUSTOMERS_A_ROUND, older_than: timedelta = LOOK_AGAIN_AFTER
) -> int:
    """Compare everything of the customers looked at longest ago; how many they were."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.read() as db:
        account_ids = await BillingAccounts(db).looked_at_longest_ago(
            stripe_account_id=stripe_account_id,
            before=billing.clock.wall() - older_than,
            limit=limit,
        )
    for account_id in account_ids:
        try:
            await reconcile_customer(billing, account_id, comparing=True)
        except GatewayUnavailable:
            raise
        except Exception:
            # One that cannot be looked at must not keep the others from their turn.
            log.exception("billing.customer_not_compared", account=account_id)
            await _note_look(billing, account_id)
    return len(account_ids)


async def reconcile_customer(
    billing: Billing, account_id: str, *, anew: bool = False, comparing: bool = False
) -> None:
    """Every subscription, invoice and payment of one customer, also those no event ever told of.
    A payment names its refunds and disputes.

    `anew` and `comparing` as in `reconcile`.
    """
    async with billing.database.read() as db:
        account = await db.get_one(BillingAccount, account_id)
    customer = account.stripe_customer_id
    if customer is None:
        return
    await reconcile(billing, ObjectRef("customer", customer))
    for ref in sorted(await mirrored(billing, account_id) | await _listed(billing, customer)):
        await reconcile(billing, ref, anew=anew, comparing=comparing)
    await _note_look(billing, account_id)


async def _note_look(billing: Billing, account_id: str) -> None:
    async with billing.database.write() as db:
        row = await BillingAccounts(db).lock(account_id)
        row.looked_at = billing.clock.wall()


async def _listed(billing: Billing, customer: str) -> set[ObjectRef]:
    found: set[ObjectRef] = set()
    for kind, path, asked in (
        ("subscription", "/v1/subscriptions", {"customer": customer, "status": "all"}),
        ("invoice", "/v1/invoices", {"customer": customer}),
        ("charge", "/v1/charges", {"customer": customer}),
    ):
        try:
            async for page in billing.gateway.pages(path, asked):
                found |= {ObjectRef(kind, listed["id"]) for listed in page.body["data"]}
        except GatewayRefused as refusal:
            # Of a customer that Stripe does not know nothing is listed; what we mirror is asked.
            if not refusal.is_missing:
                raise
    return found


async def mirrored(billing: Billing, account_id: str) -> set[ObjectRef]:
    """Also what Stripe no longer lists: a draft that was thrown away, say."""
    async with billing.database.read() as db:
        return {
            ObjectRef(kind, known)
            for kind, table in COMPARED.items()
            for known in await db.scalars(_not_deleted(table, account_id))
        }


def _not_deleted(table: type[MirrorRow], account_id: str) -> Select[str]:
    return select(table.id).where(table.billing_account_id == account_id, table.deleted.is_(False))
