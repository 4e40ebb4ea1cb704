"""Which payment is meant for which invoice."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.payments.models import InvoicePayment
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.reconciliation.reading import id_of

Link = Mapping[str, Any]
"""The columns of an `InvoicePayment`, without whose it is."""


def links_in(listing: Mapping[str, Any] | None) -> Sequence[Link]:
    """Of a list of invoice payments that may not have been asked for."""
    return [link for payload in (listing or {"data": ()})["data"] for link in links_of(payload)]


def links_of(payload: Mapping[str, Any]) -> Sequence[Link]:
    """One, or none: what was paid outside of Stripe has no payment there."""
    paid_by = payload["payment"]
    payment_id = id_of(paid_by.get("payment_intent") or paid_by.get("charge"))
    if payment_id is None:
        return []
    invoice_id = id_of(payload["invoice"])
    return [{"id": payload["id"], "invoice_id": invoice_id, "payment_id": payment_id}]


async def keep_links(writing: Writing, links: Sequence[Link]) -> None:
    """They never change, so that whoever tells of one first has told it."""
    for link in links:
        if await writing.db.get(InvoicePayment, link["id"]) is None:
            writing.db.add(InvoicePayment(**link, billing_account_id=writing.account.id))
    await writing.db.flush()


async def known_links(db: AsyncSession, link_ids: Collection[str]) -> frozenset[str]:
    found = await db.scalars(select(InvoicePayment.id).where(InvoicePayment.id.in_(link_ids)))
    return frozenset(found)
