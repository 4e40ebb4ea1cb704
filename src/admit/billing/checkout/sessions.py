"""The page at Stripe where a wish is paid: made once, looked at as it stands, and closed."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from admit.accounts.person import Person
from admit.billing.checkout.models import Checkout, CheckoutStatus
from admit.billing.checkout.offers import Offer
from admit.billing.checkout.repository import Checkouts
from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile

TAXED: Mapping[str, Any] = {
    "automatic_tax": {"enabled": True},
    "billing_address_collection": "required",
    "tax_id_collection": {"enabled": True},
    "customer_update": {"address": "auto", "name": "auto"},
}
"""Where somebody lives decides what is added, and the answer is kept for their renewals
(https://docs.stripe.com/tax/checkout).
"""

TERMS = "admit_terms"
"""Metadata of a session: a fingerprint of everything that was asked for."""


async def address_of(billing: Billing, checkout: Checkout, wanted: Mapping[str, Any]) -> str | None:
    """Where this wish is paid; `None` when its session has ended, or sells something else."""
    try:
        session = await _session_of(billing, checkout, wanted)
    except GatewayRefused as refusal:
        if not (refusal.is_missing and refusal.param == "customer"):
            raise
        if not await _customer_is_gone(billing, str(wanted["customer"])):
            raise
        return None
    if session["status"] != "open":
        await _learn(billing, checkout.id, str(session["id"]))
    elif session["metadata"].get(TERMS) != wanted["metadata"][TERMS]:
        await give_up(billing, checkout.id)
    else:
        return str(session["url"])
    return None


async def _customer_is_gone(billing: Billing, customer_id: str) -> bool:
    """Deleted at Stripe, and nobody told us: then the next try makes another."""
    await reconcile(billing, ObjectRef("customer", customer_id))
    async with billing.database.read() as db:
        account = await BillingAccounts(db).of_customer(customer_id)
        return account is not None and account.customer_deleted_at is not None


async def _session_of(
    billing: Billing, checkout: Checkout, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """The session of this wish, made once, as it stands now.

    The terms are part of the key: Stripe refuses a key that comes back with other parameters, and
    prices, customers and our own address may change while an answer is lost.
    """
    if checkout.stripe_session_id is not None:
        return await billing.gateway.get(f"/v1/checkout/sessions/{checkout.stripe_session_id}")
    session = await billing.gateway.post(
        "/v1/checkout/sessions", wanted, key=f"checkout:{checkout.id}:{wanted['metadata'][TERMS]}"
    )
    async with billing.database.write() as db:
        row = await Checkouts(db).lock(checkout.id)
        row.stripe_session_id = str(session["id"])
        given_up = row.status != CheckoutStatus.open
    if given_up:
        await _expire(billing, checkout.id, str(session["id"]))
    # A replayed answer shows the session as it was made, not as it stands.
    return await billing.gateway.get(f"/v1/checkout/sessions/{session['id']}")


def parameters(
    billing: Billing, checkout: Checkout, offer: Offer, customer_id: str, person: Person
) -> dict[str, Any]:
    metadata = {
        "admit_user": person.id,
        "admit_plan": offer.plan_code,
        "admit_price": offer.price_code,
        "admit_checkout": checkout.id,
    }
    subscription: dict[str, object] = {"metadata": metadata}
    if checkout.trial_days:
        subscription["trial_period_days"] = checkout.trial_days
    base = billing.settings.public_url
    asked: dict[str, Any] = {
        "mode": "subscription",
        "ui_mode": "hosted_page",
        "customer": customer_id,
        "client_reference_id": checkout.id,
        "line_items": [{"price": offer.stripe_price_id, "quantity": checkout.quantity}],
        "subscription_data": subscription,
        "success_url": f"{base}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{base}/checkout/cancelled?price={offer.price_code}",
        **(TAXED if billing.settings.collects_tax else {}),
    }
    return {**asked, "metadata": {**metadata, TERMS: _fingerprint(asked)}}


def _fingerprint(asked: Mapping[str, Any]) -> str:
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def give_up(billing: Billing, checkout_id: str) -> None:
    """Something else was chosen: what is open is closed first, so that only one can be paid.

    Locked, for another tab may be storing its session right now: it reads then that it came late.
    """
    async with billing.database.write() as db:
        row = await Checkouts(db).lock(checkout_id)
        session_id = row.stripe_session_id
        if session_id is None:
            row.status = CheckoutStatus.expired
            return
    await _expire(billing, checkout_id, session_id)
    await _learn(billing, checkout_id, session_id)


async def _expire(billing: Billing, checkout_id: str, session_id: str) -> None:
    # A refusal means that it was paid or has expired meanwhile: a look at it tells which.
    with suppress(GatewayRefused):
        path = f"/v1/checkout/sessions/{session_id}/expire"
        await billing.gateway.post(path, key=f"expire:{checkout_id}")


async def _learn(billing: Billing, checkout_id: str, session_id: str) -> None:
    """The session has ended: let our mirror know, and close the wish in any case."""
    await reconcile(billing, ObjectRef("checkout.session", session_id))
    async with billing.database.write() as db:
        row = await Checkouts(db).lock(checkout_id)
        if row.status == CheckoutStatus.open:
            row.status = CheckoutStatus.expired
