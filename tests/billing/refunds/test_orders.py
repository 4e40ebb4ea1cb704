"""Staff gives money back: on a page, in the terminal, once whatever dies or is clicked twice."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner, Result

from admit.accounts.models import Role, User
from admit.accounts.sessions.models import Session
from admit.billing.gateway import GatewayUnavailable
from admit.billing.refunds.errors import NothingToRefund, RefundRefused
from admit.billing.refunds.models import RefundOrder
from admit.billing.refunds.ordering import Ask, refund_invoice
from admit.cli import app
from admit.core.errors import InvalidInput
from tests.billing.pages import browser_of
from tests.billing.test_money_back import charges, hear, money_of, paid_by
from tests.billing.truth import EVERYBODY, SUBSCRIBERS
from tests.engines.world import Actor, World
from tests.pages.test_pages import words_of

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PAGE = "/admin/payments"


def ask(world: World, *, amount: int | None = None, form: str = "ask_1") -> Ask:
    (invoice,) = world.stripe.all("/v1/invoices")
    return Ask(invoice_id=invoice["id"], amount=amount, reason="Sorry.", id=form, by=None)


async def test_twenty_clicks_on_one_button_give_back_once(world: World, ada: Actor) -> None:
    await paid_by(world, ada)
    wish = ask(world, amount=500)

    await asyncio.gather(
        *[refund_invoice(world.billing, wish) for _ in range(20)], return_exceptions=True
    )
    await world.wait(61)
    await world.drain()

    assert [refund["amount"] for refund in world.stripe.all("/v1/refunds")] == [500]
    assert await money_of(world) == [("partly_refunded", 1200, 500)]
    assert [(row.amount, row.refused) for row in await world.rows(RefundOrder)] == [(500, None)]


@ON_SQLITE
async def test_an_order_that_stripe_did_not_answer_is_carried_out_once_and_access_ends(
    world: World, ada: Actor
) -> None:
    """The money went back, and the answer was lost; two days pass until Stripe is there again."""
    await paid_by(world, ada)
    wish = ask(world)
    world.stripe.breaks("api_500", path="/v1/refunds", after=True)
    with pytest.raises(GatewayUnavailable):
        await refund_invoice(world.billing, wish)
    world.stripe.heals()
    await world.wait(2 * 86400)

    await world.drain()

    assert [refund["amount"] for refund in world.stripe.all("/v1/refunds")] == [1200]
    assert await ada.features() == EVERYBODY
    (order,) = await world.rows(RefundOrder)
    assert order.refund_id == world.stripe.all("/v1/refunds")[0]["id"]


@ON_SQLITE
async def test_no_more_goes_back_than_is_left_whatever_happened_at_stripe(
    world: World, ada: Actor
) -> None:
    charge = await paid_by(world, ada)
    world.stripe.post("/v1/refunds", charge=charge["id"], amount="700")

    with pytest.raises(InvalidInput):
        await refund_invoice(world.billing, ask(world, amount=501))
    await refund_invoice(world.billing, ask(world))
    with pytest.raises(NothingToRefund):
        await refund_invoice(world.billing, ask(world, form="ask_2"))

    assert [refund["amount"] for refund in world.stripe.all("/v1/refunds")] == [500, 700]
    assert await ada.features() == EVERYBODY


@ON_SQLITE
async def test_what_stripe_refuses_is_told_and_nothing_changes(world: World, ada: Actor) -> None:
    charge = await paid_by(world, ada)
    world.stripe.post("/_control/disputes", {"charge": charge["id"]})

    with pytest.raises(RefundRefused, match="charged back"):
        await refund_invoice(world.billing, ask(world))

    assert world.stripe.all("/v1/refunds") == []
    assert await ada.features() == SUBSCRIBERS


@ON_SQLITE
async def test_staff_finds_a_person_and_gives_a_part_back_and_then_the_rest(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    await paid_by(world, ada)
    (charge,) = charges(world)
    email = {"email": "ada@example.com"}
    async with world.database.write() as db:
        user = await db.get_one(User, ada.person.id)
        user.email = user.email_key = email["email"]

    async with staff(world, tmp_path) as browser:
        found = await browser.get(PAGE, params=email)
        where = re.search(rf'action="({PAGE}/in_\w+/refund)"', found.text)
        assert where is not None
        wrong = await browser.post(where[1], data={**email, "amount": "5,001", "reason": ""})
        too_much = await browser.post(where[1], data={**email, "amount": "13", "reason": "x"})
        part = await browser.post(where[1], data={**email, "amount": "5,00", "reason": "A bug"})
        rest = await browser.post(where[1], data={**email, "reason": "All of it"})
        nothing = await browser.post(where[1], data={**email, "reason": "More"})
        after = await browser.get(PAGE, params=email)
        nobody = await browser.get(PAGE, params={"email": "eve@example.com"})

    assert "Pro (at" in words_of(found)
    assert [answer.status_code for answer in (wrong, too_much, part, rest, nothing)] == [
        *(422, 422, 303, 303, 409)
    ]
    assert "Write an amount of EUR" in words_of(wrong)
    assert "Say why" in words_of(wrong)
    assert "no more than is left" in words_of(too_much)
    assert [refund["amount"] for refund in world.stripe.all("/v1/refunds")] == [700, 500]
    assert {refund["charge"] for refund in world.stripe.all("/v1/refunds")} == {charge["id"]}
    assert "Refunded" in words_of(after)
    assert "Give it back" not in words_of(after)
    assert "Nobody here has this address" in words_of(nobody)
    assert sorted(row.reason for row in await world.rows(RefundOrder)) == ["A bug", "All of it"]
    await hear(world)
    assert [mail for mail in await world.mails() if "refund" in mail] == [
        "billing.partial_refund",
        "billing.partial_refund",
    ]


@ON_SQLITE
async def test_an_operator_gives_a_part_back_in_the_terminal(
    world: World, ada: Actor, database_url: str, tmp_path: Path
) -> None:
    await paid_by(world, ada)
    (invoice,) = world.stripe.all("/v1/invoices")
    environment = {
        "DATABASE_URL": database_url,
        "ADMIT_DATA_DIR": str(tmp_path),
        "STRIPE_SIMULATOR_URL": world.stripe.url,
    }

    async def types(*words: str) -> Result:
        given = ("billing", "refund", *words, "--reason", "A bug")
        return await asyncio.to_thread(CliRunner().invoke, app, given, env=environment)

    wrong = await types(invoice["id"], "--amount", "5 euros")
    unknown = await types("in_of_nobody")
    part = await types(invoice["id"], "--amount", "5")

    (refund,) = world.stripe.all("/v1/refunds")
    assert (wrong.exit_code, unknown.exit_code, part.exit_code) == (1, 1, 0)
    assert "write it as 5.00" in wrong.output
    assert "no invoice" in unknown.output
    assert part.output == f"500 of {refund['charge']} goes back: {refund['id']}\n"
    assert await money_of(world) == [("partly_refunded", 1200, 500)]


@asynccontextmanager
async def staff(world: World, directory: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Who has just proved who they are."""
    bob = await world.person("bob")
    async with world.database.write() as db:
        (await db.get_one(User, bob.person.id)).role = Role.staff
    async with browser_of(world, bob, directory) as browser:
        (session,) = await world.rows(Session)
        async with world.database.write() as db:
            (await db.get_one(Session, session.id)).proved_at = world.clock.wall()
        yield browser
