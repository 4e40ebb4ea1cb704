"""Brings the catalogue to Stripe: one product a plan, one price for each of its prices.

Each step is stored before the next begins, and each can be repeated: the product's id and the
price's lookup key are ours and were committed before Stripe was asked, so that what was made by a
call whose answer got lost is found instead of made again, also after the day for which Stripe
remembers idempotency keys (https://docs.stripe.com/api/idempotent_requests).
"""

from admit.billing.catalog.models import Plan, Price
from admit.billing.catalog.repository import Plans, Prices
from admit.billing.gateway import Gateway, GatewayRefused
from admit.core.db import Database


async def push(database: Database, gateway: Gateway, stripe_account_id: int) -> None:
    """What is in step already costs no call.

    Raises `GatewayUnavailable`; the next push goes on from there.
    """
    async with database.read() as db:
        plans = {plan.code: plan for plan in await Plans(db).all()}
        prices = await Prices(db).all()
    sold = {price.plan_code for price in prices}
    for plan in plans.values():
        if plan.code in sold and not _is_in_step(plan, stripe_account_id):
            await _push_product(database, gateway, plan, stripe_account_id)
    for price in prices:
        if not _is_in_step(price, stripe_account_id):
            await _push_price(database, gateway, price, plans[price.plan_code], stripe_account_id)


async def recall(database: Database, gateway: Gateway, stripe_account_id: int) -> None:
    """After a change of account: prices that are not sold any more, and may have been sold there.

    Raises `GatewayUnavailable`.
    """
    async with database.read() as db:
        retired = [price for price in await Prices(db).all() if not price.active]
    for price in retired:
        if price.stripe_account_id == stripe_account_id:
            continue
        stripe_price_id = await _find_price(gateway, price)
        if stripe_price_id is not None:
            async with database.write() as db:
                row = await db.get_one(Price, price.id)
                row.stripe_account_id = stripe_account_id
                row.stripe_price_id = stripe_price_id


def _is_in_step(row: Plan | Price, stripe_account_id: int) -> bool:
    here = row.stripe_account_id == stripe_account_id
    if isinstance(row, Price) and not here:
        # Nobody can have bought it there, and nobody can buy it any more.
        return not row.active
    return here and row.pushed_revision == row.revision


async def _push_product(
    database: Database, gateway: Gateway, plan: Plan, stripe_account_id: int
) -> None:
    is_new = plan.stripe_account_id != stripe_account_id
    if not (is_new and await _create_product(gateway, plan)):
        await gateway.post(
            f"/v1/products/{plan.product_ref}",
            {
                "name": plan.name,
                "description": plan.description,
                "active": plan.active,
                "tax_code": plan.tax_code or "",
            },
            key=f"product:{plan.product_ref}:{plan.revision}",
        )
    async with database.write() as db:
        row = await db.get_one(Plan, plan.code)
        row.stripe_account_id = stripe_account_id
        row.pushed_revision = plan.revision


async def _create_product(gateway: Gateway, plan: Plan) -> bool:
    """False when an earlier push had made it."""
    product = {
        "id": plan.product_ref,
        "name": plan.name,
        "active": plan.active,
        "metadata": {"admit_plan": plan.code},
    }
    if plan.description:
        product["description"] = plan.description
    if plan.tax_code:
        product["tax_code"] = plan.tax_code
    try:
        key = f"product:{plan.product_ref}:{plan.revision}:create"
        await gateway.post("/v1/products", product, key=key)
    except GatewayRefused as refused:
        if refused.stripe_code == "resource_already_exists":
            return False
        raise
    return True


async def _push_price(
    database: Database, gateway: Gateway, price: Price, plan: Plan, stripe_account_id: int
) -> None:
    stripe_price_id = price.stripe_price_id
    if price.stripe_account_id != stripe_account_id:
        stripe_price_id = await _find_price(gateway, price)
    if stripe_price_id is None:
        stripe_price_id = await _create_price(gateway, price, plan)
    else:
        await gateway.post(
            f"/v1/prices/{stripe_price_id}",
            {"active": price.active},
            key=f"price:{price.id}:{price.revision}",
        )
    async with database.write() as db:
        row = await db.get_one(Price, price.id)
        row.stripe_account_id = stripe_account_id
        row.stripe_price_id = stripe_price_id
        row.pushed_revision = price.revision


async def _find_price(gateway: Gateway, price: Price) -> str | None:
    found = await gateway.get("/v1/prices", {"lookup_keys": [price.id], "limit": 1})
    return next((str(row["id"]) for row in found["data"]), None)


async def _create_price(gateway: Gateway, price: Price, plan: Plan) -> str:
    terms = {
        "product": plan.product_ref,
        "currency": price.currency,
        "unit_amount": price.amount,
        "recurring": {"interval": price.interval, "interval_count": price.interval_count},
        "lookup_key": price.id,
        "nickname": price.code,
        "metadata": {"admit_plan": plan.code, "admit_price": price.code},
    }
    if price.tax_behavior:
        terms["tax_behavior"] = price.tax_behavior
    created = await gateway.post("/v1/prices", terms, key=f"price:{price.id}:create")
    return str(created["id"])
