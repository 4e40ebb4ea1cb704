"""The catalogue at Stripe, with the simulator as Stripe, over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from admit.billing.catalog.entries import Catalog
from admit.billing.catalog.service import apply, plan_by_code, price_by_code, push
from admit.billing.gateway import Gateway, GatewayUnavailable
from admit.billing.stripe_account import connected_account, remember_account
from admit.core.db import Database
from stripe_simulator.server import Running, running_simulator
from tests.billing.catalog.declared import FREE, YEARLY, catalog, price, pro

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KEY = "sk_test_simulator"


@pytest.fixture
def stripe() -> Iterator[Running]:
    with running_simulator() as running:
        yield running


@pytest.fixture
def gateway(stripe: Running) -> Iterator[Gateway]:
    gateway = Gateway(key=KEY, base=stripe.url, timeout=5)
    yield gateway
    gateway.close()


@pytest.fixture
async def account(database: Database) -> int:
    async with database.write() as db:
        return (await remember_account(db, account_id="acct_1", mode="simulator")).id


async def sow(database: Database, declared: Catalog) -> None:
    async with database.write() as db:
        await apply(db, declared, now=NOW)


async def objects(gateway: Gateway, kind: str) -> list[dict[str, Any]]:
    listed = await gateway.get(f"/v1/{kind}", {"limit": 100})
    rows: list[dict[str, Any]] = listed["data"]
    return sorted(rows, key=lambda row: str(row["id"]))


async def shown_prices(gateway: Gateway) -> list[tuple[str, int, str, str, bool]]:
    return sorted(
        (
            row["nickname"],
            row["unit_amount"],
            row["currency"],
            row["recurring"]["interval"],
            row["active"],
        )
        for row in await objects(gateway, "prices")
    )


def spoil(stripe: Running, **fault: object) -> None:
    httpx2.post(f"{stripe.url}/_control/faults", json=fault).raise_for_status()


def mend(stripe: Running) -> None:
    httpx2.delete(f"{stripe.url}/_control/faults").raise_for_status()


async def test_each_sold_plan_is_one_product_with_all_of_its_prices(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(FREE, pro(price(), YEARLY)))

    await push(database, gateway, account)

    (product,) = await objects(gateway, "products")
    async with database.read() as db:
        plan = await plan_by_code(db, "pro")
        monthly = await price_by_code(db, "pro-monthly")
        free = await plan_by_code(db, "free")
    assert (product["id"], product["name"], product["description"]) == (
        plan.product_ref,
        "Pro",
        "All doors open.",
    )
    assert product["metadata"] == {"admit_plan": "pro"}
    assert await shown_prices(gateway) == [
        ("pro-monthly", 1200, "eur", "month", True),
        ("pro-yearly", 12000, "eur", "year", True),
    ]
    assert monthly is not None
    assert monthly.stripe_price_id in {row["id"] for row in await objects(gateway, "prices")}
    assert (plan.stripe_account_id, monthly.stripe_account_id, free.stripe_account_id) == (
        account,
        account,
        None,
    )


async def linked(gateway: Gateway) -> list[str]:
    """The lookup keys that the only product opens."""
    (product,) = await objects(gateway, "products")
    links = await gateway.get(f"/v1/products/{product['id']}/features", {"limit": 100})
    return sorted(link["entitlement_feature"]["lookup_key"] for link in links["data"])


async def test_features_are_made_at_stripe_and_attached_to_the_products_that_open_them(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(pro(price())))
    await push(database, gateway, account)
    first = await linked(gateway)

    after = []
    for features in (["premium", "exports"], ["community", "premium"]):
        await sow(database, catalog(pro(price(), features=features)))
        await push(database, gateway, account)
        after.append(await linked(gateway))

    made = await gateway.get("/v1/entitlements/features", {"limit": 100})
    assert first == ["community", "premium"]
    assert after == [["exports", "premium"], ["community", "premium"]]
    assert sorted((row["lookup_key"], row["name"]) for row in made["data"]) == [
        ("community", "Community"),
        ("exports", "Exports"),
        ("premium", "Premium"),
    ]


async def test_what_is_in_step_costs_no_call(
    database: Database, stripe: Running, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(pro(price(), YEARLY)))
    await push(database, gateway, account)
    spoil(stripe, mode="api_500")

    await push(database, gateway, account)


async def test_a_changed_product_is_changed_there_and_back_again(
    database: Database, gateway: Gateway, account: int
) -> None:
    names = []
    for name in ("Pro", "Plus", "Pro"):
        await sow(database, catalog(pro(price(), name=name)))
        await push(database, gateway, account)
        names.append([row["name"] for row in await objects(gateway, "products")])

    assert names == [["Pro"], ["Plus"], ["Pro"]]


async def test_a_changed_amount_is_another_price_and_the_old_one_is_closed(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(pro(price(amount=1200))))
    await push(database, gateway, account)

    await sow(database, catalog(pro(price(amount=1500))))
    await push(database, gateway, account)

    assert await shown_prices(gateway) == [
        ("pro-monthly", 1200, "eur", "month", False),
        ("pro-monthly", 1500, "eur", "month", True),
    ]


async def test_a_vanished_plan_is_closed_there(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(FREE, pro(price())))
    await push(database, gateway, account)

    await sow(database, catalog(FREE))
    await push(database, gateway, account)

    assert [row["active"] for row in await objects(gateway, "products")] == [False]
    assert [row["active"] for row in await objects(gateway, "prices")] == [False]


@pytest.mark.parametrize("path", ["/v1/products", "/v1/prices", "/v1/entitlements"])
async def test_a_lost_answer_makes_no_second_object(
    database: Database, stripe: Running, gateway: Gateway, account: int, path: str
) -> None:
    await sow(database, catalog(pro(price(), YEARLY)))
    spoil(stripe, mode="api_500", path=path, after=True)
    with pytest.raises(GatewayUnavailable):
        await push(database, gateway, account)

    mend(stripe)
    await push(database, gateway, account)

    assert len(await objects(gateway, "products")) == 1
    assert len(await objects(gateway, "entitlements/features")) == 3
    assert await linked(gateway) == ["community", "premium"]
    assert await shown_prices(gateway) == [
        ("pro-monthly", 1200, "eur", "month", True),
        ("pro-yearly", 12000, "eur", "year", True),
    ]


async def test_what_was_made_is_found_again_after_our_side_forgot(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(pro(price())))
    await push(database, gateway, account)
    async with database.write() as db:
        plan = await plan_by_code(db, "pro")
        monthly = await price_by_code(db, "pro-monthly")
        assert monthly is not None
        known = monthly.stripe_price_id
        for row in (plan, monthly):
            row.stripe_account_id = None
            row.pushed_revision = None
            row.revision += 1
        monthly.stripe_price_id = None

    await push(database, gateway, account)

    async with database.read() as db:
        found = await price_by_code(db, "pro-monthly")
    assert found is not None
    assert found.stripe_price_id == known
    assert (len(await objects(gateway, "products")), len(await objects(gateway, "prices"))) == (
        1,
        1,
    )


async def test_another_account_gets_a_catalogue_of_its_own(
    database: Database, gateway: Gateway, account: int
) -> None:
    await sow(database, catalog(pro(price(amount=1200))))
    await push(database, gateway, account)
    await sow(database, catalog(pro(price(amount=1500))))
    async with database.write() as db:
        other = (await remember_account(db, account_id="acct_2", mode="simulator")).id

    with running_simulator() as elsewhere:
        there = Gateway(key=KEY, base=elsewhere.url, timeout=5)
        await push(database, there, other)

        assert await shown_prices(there) == [("pro-monthly", 1500, "eur", "month", True)]
        there.close()


async def test_the_account_connected_last_is_the_one_in_use(database: Database) -> None:
    async with database.write() as db:
        first = await remember_account(db, account_id="acct_1", mode="simulator")
        again = await remember_account(db, account_id="acct_1", mode="simulator")
        await remember_account(db, account_id="acct_1", mode="live")
        last = await remember_account(db, account_id="acct_2", mode="simulator")

    async with database.read() as db:
        connected = await connected_account(db, mode="simulator")
        nobody = await connected_account(db, mode="test")
    assert first.id == again.id
    assert connected is not None
    assert (connected.id, nobody) == (last.id, None)
