"""From choosing a price to the page where it is paid, and back.

Two tabs or a double click end with one customer, one open session and one subscription: a person
and plan group have at most one open wish, and what is asked of Stripe is keyed by that row.
"""

from contextlib import suppress
from dataclasses import dataclass

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
from admit.billing.errors import AlreadySubscribed, UnknownPrice
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.ids import new_id

MAX_TRIES = 3


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

    Raises `UnknownPrice`, `AlreadySubscribed`, or `GatewayUnavailable` (nothing is charged and
    the same choice can be sent again).
    """
    offer = await _offer(billing, price_code)
    account = await open_billing_account(billing, person)
    customer_id = await ensure_customer(billing, account, person)
    for _ in range(MAX_TRIES):
        checkout = await _open_wish(billing, account, offer)
        if checkout.price_code != offer.price_code:
            await _give_up(billing, checkout)
            continue
        session = await _session_of(billing, checkout, offer, customer_id, person)
        if session["status"] == "open":
            return str(session["url"])
        await _learn(billing, checkout, str(session["id"]))
    raise AlreadySubscribed


async def _offer(billing: Billing, price_code: str) -> Offer:
    async with billing.database.read() as db:
        price: Price | None = await catalog.price_by_code(db, price_code)
        if price is None or not price.active:
            raise UnknownPrice
        plan = await catalog.plan_by_code(db, price.plan_code)
    stripe_price_id = price.stripe_price_id
    if stripe_price_id is None:
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


async def _open_wish(billing: Billing, account: BillingAccount, offer: Offer) -> Checkout:
    """The person's open wish for this plan group, made when there is none."""
    async with billing.database.write() as db:
        await BillingAccounts(db).lock(account.id)
        await _refuse_second_subscription(db, account, offer)
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


async def _session_of(
    billing: Billing, checkout: Checkout, offer: Offer, customer_id: str, person: Person
) -> dict[str, object]:
    """The session of this wish, made once, as it stands now."""
    if checkout.stripe_session_id is not None:
        return await billing.gateway.get(f"/v1/checkout/sessions/{checkout.stripe_session_id}")
    session = await billing.gateway.post(
        "/v1/checkout/sessions",
        _session_parameters(billing, checkout, offer, customer_id, person),
        key=f"checkout:{checkout.id}",
    )
    async with billing.database.write() as db:
        row = await db.get_one(Checkout, checkout.id)
        row.stripe_session_id = str(session["id"])
        given_up = row.status != CheckoutStatus.open
    if given_up:
        await _expire_session(billing, checkout.id, str(session["id"]))
    # A replayed answer shows the session as it was made, not as it stands.
    return await billing.gateway.get(f"/v1/checkout/sessions/{session['id']}")


def _session_parameters(
    billing: Billing, checkout: Checkout, offer: Offer, customer_id: str, person: Person
) -> dict[str, object]:
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
    return {
        "mode": "subscription",
        "ui_mode": "hosted_page",
        "customer": customer_id,
        "client_reference_id": checkout.id,
        "line_items": [{"price": offer.stripe_price_id, "quantity": 1}],
        "metadata": metadata,
        "subscription_data": subscription,
        "success_url": f"{base}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{base}/checkout/cancelled?price={offer.price_code}",
    }


async def _give_up(billing: Billing, checkout: Checkout) -> None:
    """Another price was chosen: what is open is closed first, so that only one can be paid."""
    if checkout.stripe_session_id is None:
        async with billing.database.write() as db:
            row = await db.get_one(Checkout, checkout.id)
            if row.stripe_session_id is None:
                row.status = CheckoutStatus.expired
        return
    await _expire_session(billing, checkout.id, checkout.stripe_session_id)
    await _learn(billing, checkout, checkout.stripe_session_id)


async def _expire_session(billing: Billing, checkout_id: str, session_id: str) -> None:
    # A refusal means that it was paid or has expired meanwhile: a look at it tells which.
    with suppress(GatewayRefused):
        path = f"/v1/checkout/sessions/{session_id}/expire"
        await billing.gateway.post(path, key=f"expire:{checkout_id}")


async def _learn(billing: Billing, checkout: Checkout, session_id: str) -> None:
    """The session has ended: let our mirror know, and close the wish in any case."""
    await reconcile(billing, ObjectRef("checkout.session", session_id))
    async with billing.database.write() as db:
        row = await db.get_one(Checkout, checkout.id, populate_existing=True)
        if row.status == CheckoutStatus.open:
            row.status = CheckoutStatus.expired
