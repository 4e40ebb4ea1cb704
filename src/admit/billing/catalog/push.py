"""Brings the catalogue to Stripe: features, one product a plan, one price for each of its prices.

Each step is stored before the next begins, and each can be repeated: the product's id and the
lookup keys of prices and features are ours and were committed before Stripe was asked, so that
what was made by a call whose answer got lost is found instead of made again, also after the day
for which Stripe remembers idempotency keys (https://docs.stripe.com/api/idempotent_requests).
"""

from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import select

from admit.billing.catalog.models import Plan, Price, Pushed, StripeFeature
from admit.billing.catalog.repository import Prices
from admit.billing.catalog.steps import (
    FeatureStep,
    PriceStep,
    ProductStep,
    Step,
    note_features,
    steps,
    unnoted_features,
)
from admit.billing.gateway import Gateway, GatewayRefused
from admit.core.db import Database

KEY_IS_UNKNOWN = 401
"""Then everything else would be refused as well."""


class Incomplete(Exception):
    """What it rests on was not taken."""


@dataclass(frozen=True)
class Refusal:
    """Stripe does not take this; what else there was to do is done."""

    step: Step
    reason: str


async def push(database: Database, gateway: Gateway, stripe_account_id: int) -> list[Refusal]:
    """What is in step already costs no call.

    Raises `GatewayUnavailable`; the next push goes on from there. Raises `GatewayRefused` only
    when the key is none.
    """
    async with database.read() as db:
        is_noted = not await unnoted_features(db)
    if not is_noted:
        async with database.write() as db:
            await note_features(db)
    async with database.read() as db:
        pending = await steps(db, stripe_account_id)
    pusher = Pusher(database, gateway, stripe_account_id)
    return [refusal for step in pending if (refusal := await pusher.take(step)) is not None]


async def recall(database: Database, gateway: Gateway, stripe_account_id: int) -> None:
    """After a change of account: prices that are not sold any more, and may have been sold there.

    Raises `GatewayUnavailable`.
    """
    async with database.read() as db:
        retired = [price for price in await Prices(db).all() if not price.active]
    pusher = Pusher(database, gateway, stripe_account_id)
    for price in retired:
        if price.stripe_account_id != stripe_account_id:
            await pusher.recall(price)


class Pusher:
    def __init__(self, database: Database, gateway: Gateway, stripe_account_id: int) -> None:
        self._database = database
        self._gateway = gateway
        self._account = stripe_account_id

    async def take(self, step: Step) -> Refusal | None:
        row = row_of(step)
        try:
            changes = await self._bring(step)
        except GatewayRefused as refused:
            if refused.http_status == KEY_IS_UNKNOWN:
                raise
            return await self._refuse(step, refused.reason)
        except Incomplete as lacking:
            return await self._refuse(step, str(lacking))
        await self._note(
            row,
            stripe_account_id=self._account,
            pushed_revision=row.revision,
            refusal=None,
            **changes,
        )
        return None

    async def recall(self, price: Price) -> None:
        stripe_price_id = await self._find_price(price)
        if stripe_price_id is not None:
            found = {"stripe_account_id": self._account, "stripe_price_id": stripe_price_id}
            await self._note(price, **found)

    async def _refuse(self, step: Step, reason: str) -> Refusal:
        await self._note(row_of(step), refusal=reason)
        return Refusal(step, reason)

    async def _bring(self, step: Step) -> dict[str, Any]:
        """What is learnt besides that it was taken."""
        match step:
            case FeatureStep():
                return {"stripe_feature_id": await self._bring_feature(step.feature)}
            case ProductStep():
                await self._bring_product(step)
                return {}
            case PriceStep():
                return {"stripe_price_id": await self._bring_price(step.price, step.plan)}
            case _ as never:
                assert_never(never)

    async def _note(self, row: Pushed, **changes: Any) -> None:
        async with self._database.write() as db:
            fresh = await db.get_one(type(row), identity_of(row))
            for name, value in changes.items():
                setattr(fresh, name, value)

    def _is_here(self, row: Pushed) -> bool:
        return row.stripe_account_id == self._account

    async def _bring_feature(self, row: StripeFeature) -> str:
        known = row.stripe_feature_id if self._is_here(row) else await self._find_feature(row)
        if known is None:
            made = await self._gateway.post(
                "/v1/entitlements/features",
                {
                    "lookup_key": row.feature_key,
                    "name": row.name,
                    "metadata": {"admit_feature": row.feature_key},
                },
                key=f"feature:{row.feature_key}:{row.revision}:create",
            )
            return str(made["id"])
        await self._gateway.post(
            f"/v1/entitlements/features/{known}",
            {"name": row.name, "active": row.active},
            key=f"feature:{known}:{row.revision}",
        )
        return known

    async def _find_feature(self, row: StripeFeature) -> str | None:
        """Also one that was archived; of several the newest that is in use."""
        for archived in (False, True):
            found = await self._gateway.get(
                "/v1/entitlements/features",
                {"lookup_key": row.feature_key, "archived": archived, "limit": 1},
            )
            if found["data"]:
                return str(found["data"][0]["id"])
        return None

    async def _bring_product(self, step: ProductStep) -> None:
        plan = step.plan
        if not (step.is_new and await self._create_product(plan)):
            await self._gateway.post(
                f"/v1/products/{plan.product_ref}",
                {
                    "name": plan.name,
                    "description": plan.description,
                    "active": plan.active,
                    "tax_code": plan.tax_code or "",
                },
                key=f"product:{plan.product_ref}:{plan.revision}",
            )
        await self._bring_links(step)

    async def _create_product(self, plan: Plan) -> bool:
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
            await self._gateway.post("/v1/products", product, key=key)
        except GatewayRefused as refused:
            if refused.stripe_code == "resource_already_exists":
                return False
            raise
        return True

    async def _bring_links(self, step: ProductStep) -> None:
        """Which features the product opens; features that are not ours stay as they are."""
        path, plan = f"/v1/products/{step.plan.product_ref}/features", step.plan
        ours = await self._feature_ids()
        linked = await self._links(path)
        wanted = {ours[key] for key in step.features if key in ours}
        for feature_id in sorted(wanted - linked.keys()):
            key = f"link:{plan.product_ref}:{feature_id}:{plan.revision}"
            await self._gateway.post(path, {"entitlement_feature": feature_id}, key=key)
        for feature_id in sorted((linked.keys() - wanted) & set(ours.values())):
            key = f"unlink:{plan.product_ref}:{feature_id}:{plan.revision}"
            await self._gateway.delete(f"{path}/{linked[feature_id]}", key=key)
        if lacking := [key for key in step.features if key not in ours]:
            raise Incomplete(f"It lacks {', '.join(lacking)}, which Stripe did not take.")

    async def _feature_ids(self) -> dict[str, str]:
        async with self._database.read() as db:
            rows = await db.scalars(
                select(StripeFeature).where(StripeFeature.stripe_account_id == self._account)
            )
            return {row.feature_key: row.stripe_feature_id for row in rows if row.stripe_feature_id}

    async def _links(self, path: str) -> dict[str, str]:
        """The link's id by the feature's."""
        return {
            str(link["entitlement_feature"]["id"]): str(link["id"])
            async for page in self._gateway.pages(path)
            for link in page.body["data"]
        }

    async def _bring_price(self, price: Price, plan: Plan) -> str:
        known = price.stripe_price_id if self._is_here(price) else await self._find_price(price)
        if known is None:
            return await self._create_price(price, plan)
        await self._gateway.post(
            f"/v1/prices/{known}",
            {"active": price.active},
            key=f"price:{price.id}:{price.revision}",
        )
        return known

    async def _find_price(self, price: Price) -> str | None:
        found = await self._gateway.get("/v1/prices", {"lookup_keys": [price.id], "limit": 1})
        return next((str(row["id"]) for row in found["data"]), None)

    async def _create_price(self, price: Price, plan: Plan) -> str:
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
        key = f"price:{price.id}:{price.revision}:create"
        return str((await self._gateway.post("/v1/prices", terms, key=key))["id"])


def row_of(step: Step) -> Plan | Price | StripeFeature:
    match step:
        case FeatureStep(feature=row):
            return row
        case ProductStep(plan=row):
            return row
        case PriceStep(price=row):
            return row
        case _ as never:
            assert_never(never)


def identity_of(row: Pushed) -> str:
    match row:
        case Plan():
            return row.code
        case Price():
            return row.id
        case StripeFeature():
            return row.feature_key
        case _:
            raise TypeError(f"{type(row).__name__} is not pushed.")
