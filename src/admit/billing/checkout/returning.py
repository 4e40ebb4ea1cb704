"""What the return page may say: only of the person's own session, and only what is true."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.person import Person
from admit.billing.catalog import service as catalog
from admit.billing.catalog.models import Plan
from admit.billing.checkout.models import Checkout, CheckoutSession
from admit.billing.checkout.repository import Checkouts
from admit.billing.context import Billing
from admit.billing.gateway import GatewayUnavailable
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions

OPENED = frozenset({"active", "trialing"})
FAILED = frozenset({"incomplete_expired", "canceled", "unpaid"})


class ReturnState(StrEnum):
    waiting = "waiting"
    active = "active"
    failed = "failed"
    expired = "expired"
    unknown = "unknown"


@dataclass(frozen=True)
class Return:
    state: ReturnState
    plan_name: str | None = None
    price_code: str | None = None


async def state_of_return(billing: Billing, person: Person, session_id: str) -> Return:
    """Looks at Stripe at once, since nobody waits for a webhook; when it does not answer, the
    mirror is what we know, and the page goes on asking.
    """
    checkout = await _own(billing, person, session_id)
    if checkout is None:
        return Return(ReturnState.unknown)
    state = await _known_state(billing, session_id)
    if state is ReturnState.waiting:
        try:
            await reconcile(billing, ObjectRef("checkout.session", session_id))
            state = await _known_state(billing, session_id)
        except GatewayUnavailable:
            pass
    async with billing.database.read() as db:
        plan = await plan_of_price(db, checkout.price_code)
    return Return(state, plan.name if plan else None, checkout.price_code)


async def _own(billing: Billing, person: Person, session_id: str) -> Checkout | None:
    async with billing.database.read() as db:
        return await Checkouts(db).of_person(session_id, user_id=person.id)


async def _known_state(billing: Billing, session_id: str) -> ReturnState:
    async with billing.database.read() as db:
        session = await db.get(CheckoutSession, session_id)
        if session is None or session.status == "open":
            return ReturnState.waiting
        if session.status == "expired":
            return ReturnState.expired
        if session.subscription_id is None:
            return ReturnState.waiting
        subscription = await db.get(Subscription, session.subscription_id)
        if subscription is None:
            return ReturnState.waiting
        paid = subscription.status == "trialing" or (
            await Subscriptions(db).paid_periods(subscription)
        )
    if subscription.status in FAILED:
        return ReturnState.failed
    opened = subscription.status in OPENED and paid
    return ReturnState.active if opened else ReturnState.waiting


async def plan_of_price(db: AsyncSession, price_code: str) -> Plan | None:
    price = await catalog.price_by_code(db, price_code)
    return await catalog.plan_by_code(db, price.plan_code) if price else None
