"""From choosing a price to the page where it is paid, and back.

Two tabs or a double click end with one customer, one open session and one subscription: a person
and plan group have at most one open wish, and what is asked of Stripe is keyed by that row.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.person import Person
from admit.billing.catalog import service as catalog
from admit.billing.catalog.models import Price
from admit.billing.checkout.models import Checkout, CheckoutStatus
from admit.billing.checkout.repository import Checkouts
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.customers.service import ensure_customer, open_billing_account
from admit.billing.errors import AlreadySubscribed, ChosenInAnotherTab, UnknownPrice
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.ids import new_id

MAX_TRIES = 3
TERMS = "admit_terms"
"""Metadata of a session: a fingerprint of everything that was asked for."""


@dataclass(frozen=True)
class Offer:
    """What the person chose, as plain values."""

    price_code: str
    plan_code: str
    plan_group: str
    stripe_price_id: str
    trial_days: int


async def start_checkout(billing: Billing, person: Person, *, price_code: str) -> str:
    """The address at Stripe where the person pays.

    Raises `UnknownPrice`, `AlreadySubscribed`, `ChosenInAnotherTab` (what was chosen last can be
    paid), or `GatewayUnavailable` (nothing is charged and the same choice can be sent again).
    """
    offer = await _offer(billing, price_code)
    tries = 0
    while tries < MAX_TRIES:
        account = await open_billing_account(billing, person)
        customer_id = await ensure_customer(billing, account, person)
        checkout = await _open_wish(billing, account, offer)
        if checkout is None:
            await _look_at_what_was_paid(billing, account)
        elif checkout.price_code == offer.price_code:
            wanted = _session_parameters(billing, checkout, offer, customer_id, person)
            if (address := await _address_of(billing, checkout, wanted)) is not None:
                return address
        elif tries == 0:
            await _give_up(billing, checkout)
            continue
        else:
            # Tabs that closed each other's page in turn would all end without one.
            raise ChosenInAnotherTab
        tries += 1
    raise AlreadySubscribed


async def _offer(billing: Billing, price_code: str) -> Offer:
    async with billing.database.read() as db:
        price: Price | None = await catalog.price_by_code(db, price_code)
        if price is None or not price.active:
            raise UnknownPrice
        plan = await catalog.plan_by_code(db, price.plan_code)
    stripe_price_id = price.stripe_price_id
    if stripe_price_id is None or price.pushed_revision != price.revision:
        await catalog.push(billing.database, billing.gateway, await billing.stripe_account_id())
        async with billing.database.read() as db:
            pushed = await catalog.price_by_code(db, price_code)
            stripe_price_id = pushed.stripe_price_id if pushed else None
    if stripe_price_id is None:
        raise UnknownPrice
    return Offer(
        price_code=price.code,
        plan_code=plan.code,
        plan_group=plan.group,
        stripe_price_id=stripe_price_id,
        trial_days=price.trial_days,
    )


async def _open_wish(billing: Billing, account: BillingAccount, offer: Offer) -> Checkout | None:
    """The person's open wish for this plan group, made when there is none.

    `None` while something was paid whose subscription we have not seen: it may be this very one.
    """
    async with billing.database.write() as db:
        await BillingAccounts(db).lock(account.id)
        await _refuse_second_subscription(db, account, offer)
        if await Checkouts(db).paid_and_unseen(account.id):
            return None
        wish = await Checkouts(db).open_one(account.id, plan_group=offer.plan_group)
        if wish is None:
            wish = Checkout(
                id=new_id("co"),
                billing_account_id=account.id,
                plan_group=offer.plan_group,
                price_code=offer.price_code,
                status=CheckoutStatus.open,
                created_at=billing.clock.wall(),
            )
            db.add(wish)
        return wish


async def _refuse_second_subscription(
    db: AsyncSession, account: BillingAccount, offer: Offer
) -> None:
    for subscription in await Subscriptions(db).live_of_account(account.id):
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        if plan is not None and plan.group == offer.plan_group:
            raise AlreadySubscribed


async def _look_at_what_was_paid(billing: Billing, account: BillingAccount) -> None:
    async with billing.database.read() as db:
        unseen = await Checkouts(db).paid_and_unseen(account.id)
    for subscription_id in unseen:
        await reconcile(billing, ObjectRef("subscription", subscription_id))


async def _address_of(
    billing: Billing, checkout: Checkout, wanted: Mapping[str, Any]
) -> str | None:
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
        await _learn(billing, checkout, str(session["id"]))
    elif session["metadata"].get(TERMS) != wanted["metadata"][TERMS]:
        await _give_up(billing, checkout)
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
        await _expire_session(billing, checkout.id, str(session["id"]))
    # A replayed answer shows the session as it was made, not as it stands.
    return await billing.gateway.get(f"/v1/checkout/sessions/{session['id']}")


def _session_parameters(
    billing: Billing, checkout: Checkout, offer: Offer, customer_id: str, person: Person
) -> dict[str, Any]:
    metadata = {
        "admit_user": person.id,
        "admit_plan": offer.plan_code,
        "admit_price": offer.price_code,
        "admit_checkout": checkout.id,
    }
    subscription: dict[str, object] = {"metadata": metadata}
    if offer.trial_days:
        subscription["trial_period_days"] = offer.trial_days
    base = billing.settings.public_url
    parameters: dict[str, Any] = {
        "mode": "subscription",
        "ui_mode": "hosted_page",
        "customer": customer_id,
        "client_reference_id": checkout.id,
        "line_items": [{"price": offer.stripe_price_id, "quantity": 1}],
        "subscription_data": subscription,
        "success_url": f"{base}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{base}/checkout/cancelled?price={offer.price_code}",
    }
    return {**parameters, "metadata": {**metadata, TERMS: _fingerprint(parameters)}}


def _fingerprint(parameters: Mapping[str, Any]) -> str:
    text = json.dumps(parameters, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def _give_up(billing: Billing, checkout: Checkout) -> None:
    """Something else was chosen: what is open is closed first, so that only one can be paid.

    Locked, for another tab may be storing its session right now: it reads then that it came late.
    """
    async with billing.database.write() as db:
        row = await Checkouts(db).lock(checkout.id)
        session_id = row.stripe_session_id
        if session_id is None:
            row.status = CheckoutStatus.expired
            return
    await _expire_session(billing, checkout.id, session_id)
    await _learn(billing, checkout, session_id)


async def _expire_session(billing: Billing, checkout_id: str, session_id: str) -> None:
    # A refusal means that it was paid or has expired meanwhile: a look at it tells which.
    with suppress(GatewayRefused):
        path = f"/v1/checkout/sessions/{session_id}/expire"
        await billing.gateway.post(path, key=f"expire:{checkout_id}")


async def _learn(billing: Billing, checkout: Checkout, session_id: str) -> None:
    """The session has ended: let our mirror know, and close the wish in any case."""
    await reconcile(billing, ObjectRef("checkout.session", session_id))
    async with billing.database.write() as db:
        row = await Checkouts(db).lock(checkout.id)
        if row.status == CheckoutStatus.open:
            row.status = CheckoutStatus.expired
