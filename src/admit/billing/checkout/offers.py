"""What somebody chose to buy, and what that is in the catalogue and at Stripe."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog import service as catalog
from admit.billing.catalog.models import Plan, Price
from admit.billing.context import Billing
from admit.billing.errors import UnknownPrice
from admit.core.errors import InvalidInput


@dataclass(frozen=True)
class Choice:
    price_code: str
    quantity: int = 1


@dataclass(frozen=True)
class Offer:
    """What the person chose, as plain values."""

    price_code: str
    quantity: int
    plan_code: str
    plan_name: str
    plan_group: str
    stripe_price_id: str
    trial_days: int
    """Of the price; whoever has had a trial gets none."""


async def offer_of(billing: Billing, choice: Choice) -> Offer:
    """Brings the catalogue to Stripe when the price is not there yet.

    Raises `UnknownPrice`, `InvalidInput` for the quantity, or `GatewayUnavailable`.
    """
    async with billing.database.read() as db:
        price, plan = await sold(db, choice.price_code)
    check_quantity(choice.quantity, plan.max_quantity)
    stripe_price_id = price.stripe_price_id
    if stripe_price_id is None or price.pushed_revision != price.revision:
        await catalog.push(billing.database, billing.gateway, await billing.stripe_account_id())
        async with billing.database.read() as db:
            pushed = await catalog.price_by_code(db, choice.price_code)
            stripe_price_id = pushed.stripe_price_id if pushed else None
    if stripe_price_id is None:
        raise UnknownPrice
    return Offer(
        price_code=price.code,
        quantity=choice.quantity,
        plan_code=plan.code,
        plan_name=plan.name,
        plan_group=plan.group,
        stripe_price_id=stripe_price_id,
        trial_days=price.trial_days,
    )


async def sold(db: AsyncSession, price_code: str) -> tuple[Price, Plan]:
    """Raises `UnknownPrice`, also for the free plan, which has no price."""
    price = await catalog.price_by_code(db, price_code)
    if price is None or not price.active:
        raise UnknownPrice
    plan = await catalog.plan_by_code(db, price.plan_code)
    if not plan.active:
        raise UnknownPrice
    return price, plan


def check_quantity(quantity: int, most: int) -> None:
    """Raises `InvalidInput`."""
    if not 1 <= quantity <= most:
        sentence = f"Choose a number from 1 to {most}." if most > 1 else "Of this you can have one."
        raise InvalidInput({"quantity": sentence})
