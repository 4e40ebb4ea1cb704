"""From choosing a price to the page where it is paid, and back.

Two tabs or a double click end with one customer, one open session and one subscription: a person
and plan group have at most one open wish, and what is asked of Stripe is keyed by that row.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.person import Person
from admit.billing.catalog import service as catalog
from admit.billing.checkout.models import Checkout, CheckoutStatus
from admit.billing.checkout.offers import Choice, Offer, offer_of
from admit.billing.checkout.repository import Checkouts
from admit.billing.checkout.sessions import address_of, give_up, parameters
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.customers.service import ensure_customer, open_billing_account
from admit.billing.errors import AlreadySubscribed, ChosenInAnotherTab
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.trials.service import has_had_trial
from admit.core.ids import new_id

MAX_TRIES = 3


async def start_checkout(
    billing: Billing, person: Person, *, price_code: str, quantity: int = 1
) -> str:
    """The address at Stripe where the person pays.

    Raises `UnknownPrice`, `InvalidInput`, `AlreadySubscribed`, `ChosenInAnotherTab` (what was
    chosen last can be paid), or `GatewayUnavailable` (nothing is charged and the same choice can be
    sent again).
    """
    offer = await offer_of(billing, Choice(price_code, quantity))
    tries, checkout = 0, None
    while tries < MAX_TRIES:
        account = await open_billing_account(billing, person)
        customer_id = await ensure_customer(billing, account, person)
        checkout = await _open_wish(billing, account, offer)
        if checkout is None:
            await _look_at_what_was_paid(billing, account)
        elif checkout.is_for(offer.price_code, offer.quantity):
            wanted = parameters(billing, checkout, offer, customer_id, person)
            if (address := await address_of(billing, checkout, wanted)) is not None:
                return address
        elif tries == 0:
            await give_up(billing, checkout.id)
            continue
        else:
            # Tabs that closed each other's page in turn would all end without one.
            raise ChosenInAnotherTab
        tries += 1
    raise AlreadySubscribed if checkout is None else ChosenInAnotherTab


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
                quantity=offer.quantity,
                status=CheckoutStatus.open,
                created_at=billing.clock.wall(),
            )
            db.add(wish)
        wish.trial_days = await _trial_days(db, account, wish, offer)
        return wish


async def _refuse_second_subscription(
    db: AsyncSession, account: BillingAccount, offer: Offer
) -> None:
    for subscription in await Subscriptions(db).live_of_account(account.id):
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        if plan is not None and plan.group == offer.plan_group:
            raise AlreadySubscribed


async def _trial_days(
    db: AsyncSession, account: BillingAccount, wish: Checkout, offer: Offer
) -> int:
    """None for whoever has had a trial, or could begin one on another page right now."""
    if await has_had_trial(db, account.user_id):
        return 0
    elsewhere = await Checkouts(db).trials_on_offer(account.id)
    return 0 if set(elsewhere) - {wish.id} else offer.trial_days


async def _look_at_what_was_paid(billing: Billing, account: BillingAccount) -> None:
    async with billing.database.read() as db:
        unseen = await Checkouts(db).paid_and_unseen(account.id)
    for subscription_id in unseen:
        await reconcile(billing, ObjectRef("subscription", subscription_id))


async def close_trial_offers(billing: Billing, user_id: str) -> None:
    """The person has a trial now: no page that still offers one may be paid."""
    async with billing.database.read() as db:
        accounts = await BillingAccounts(db).all_of_user(user_id)
        on_offer = [
            checkout_id
            for account in accounts
            for checkout_id in await Checkouts(db).trials_on_offer(account.id)
        ]
    for checkout_id in on_offer:
        await give_up(billing, checkout_id)
