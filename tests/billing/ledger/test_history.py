"""What a person has bought: pages, papers and API, from local rows over HTTP."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from admit.billing.payments.models import Payment
from tests.billing.pages import browser_of
from tests.billing.test_money_back import charges, hear, paid_by
from tests.engines.world import Actor, World
from tests.pages.test_pages import links_of, words_of

HISTORY = "/account/billing/history"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_person_sees_what_became_of_each_payment_though_stripe_is_down(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    """Bought on 1 March, partly refunded; renewed on 1 April; the third payment failed."""
    await three_months(world, ada)
    (third, second, first) = await invoices(world)
    world.stripe.breaks("api_500")

    async with browser_of(world, ada, tmp_path) as browser:
        history = await browser.get(HISTORY)
        refunded = await browser.get(HISTORY, params={"status": "refunded", "year": "2026"})
        nothing = await browser.get(HISTORY, params={"year": "2025"})
        receipt = await browser.get(f"{HISTORY}/{first['id']}")
        paper = await browser.get(f"{HISTORY}/{first['id']}/receipt.pdf")
        account = await browser.get("/account")

    assert standings(history) == ["Failed", "Paid", "Partly refunded"]
    assert "€5.00 back" in words_of(history)
    assert first["number"] in words_of(refunded)
    assert second["number"] not in words_of(refunded)
    assert "Nothing like that" in words_of(nothing)
    assert third["hosted_invoice_url"] not in links_of(history)
    told = words_of(receipt)
    for words in (
        f"Receipt {first['number']}",
        "Ada Lovelace ada@example.test",
        "March 1, 2026 to April 1, 2026",
        "Total €12.00",
        "Paid with Visa ending in 4242, March 1, 2026 €12.00",
        "Refunded, March 1, 2026 -€5.00",
    ):
        assert words in told
    assert {first["hosted_invoice_url"], first["invoice_pdf"]} <= links_of(receipt)
    assert paper.headers["content-type"] == "application/pdf"
    assert f'filename="{first["number"]}.pdf"' in paper.headers["content-disposition"]
    assert paper.content.startswith(b"%PDF-")
    assert "Partly refunded" in words_of(account)


@ON_SQLITE
async def test_programs_read_invoices_and_payments_page_by_page_and_are_told_nothing_twice(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    await three_months(world, ada)
    (third, second, first) = await invoices(world)
    refund = world.stripe.all("/v1/refunds")[0]

    async with browser_of(world, ada, tmp_path) as browser:
        page = await browser.get("/api/v1/invoices", params={"limit": "2"})
        rest = await browser.get("/api/v1/invoices", params={"starting_after": second["id"]})
        one = await browser.get(f"/api/v1/invoices/{first['id']}")
        payments = (await browser.get("/api/v1/payments")).json()["data"]
        paid = await browser.get(f"/api/v1/payments/{payments[-1]['id']}")
        strange = await browser.get("/api/v1/payments", params={"starting_after": "ch_1"})
        tag = {"if-none-match": paid.headers["etag"]}
        again = await browser.get("/api/v1/payments", headers=tag)
        world.stripe.post("/v1/refunds", charge=payments[-1]["id"], amount="100")
        await hear(world)
        changed = await browser.get("/api/v1/payments", headers=tag)

    assert [each["id"] for each in page.json()["data"]] == [third["id"], second["id"]]
    assert (page.json()["has_more"], rest.json()["has_more"]) == (True, False)
    assert [each["id"] for each in rest.json()["data"]] == [first["id"]]
    assert one.json() == rest.json()["data"][0]
    line = first["lines"]["data"][0]
    assert one.json() | {"created_at": "", "paid_at": "", "covers_until": ""} == {
        "id": first["id"],
        "number": first["number"],
        "status": "partly_refunded",
        "subscription_id": first["parent"]["subscription_details"]["subscription"],
        "currency": "eur",
        "subtotal": 1200,
        "discount": 0,
        "tax": 0,
        "total": 1200,
        "amount_due": 1200,
        "amount_paid": 1200,
        "refunded": 500,
        "created_at": "",
        "paid_at": "",
        "covers_until": "",
        "next_attempt_at": None,
        "hosted_url": first["hosted_invoice_url"],
        "pdf_url": first["invoice_pdf"],
        "lines": [
            {
                "description": line["description"],
                "quantity": 1,
                "amount": 1200,
                "starts_at": "2026-03-01T12:00:00Z",
                "ends_at": "2026-04-01T12:00:00Z",
            }
        ],
    }
    assert [(each["status"], each["failure"]) for each in payments] == [
        ("failed", "Your card has insufficient funds."),
        ("paid", None),
        ("partly_refunded", None),
    ]
    assert paid.json() == payments[-1]
    assert payments[-1]["invoice_id"] == first["id"]
    assert payments[-1]["method"] == {"kind": "card", "brand": "visa", "last4": "4242"}
    assert [(each["id"], each["amount"]) for each in payments[-1]["refunds"]] == [
        (refund["id"], 500)
    ]
    assert (strange.status_code, strange.json()["errors"]) == (
        422,
        {"starting_after": "There is nothing with this id on the list."},
    )
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert changed.json()["data"][-1]["refunded"] == 600


@ON_SQLITE
async def test_what_was_bought_without_an_invoice_stands_in_the_same_list(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    """Sold to Ada in Stripe's dashboard: a payment and no invoice."""
    await paid_by(world, ada)
    await world.wait(60)
    world.stripe.post(
        "/v1/payment_intents",
        amount="2500",
        currency="eur",
        customer=await ada.customer_id(),
        payment_method="pm_card_visa",
        description="A book",
        confirm="true",
    )
    await hear(world)

    async with browser_of(world, ada, tmp_path) as browser:
        history = await browser.get(HISTORY)

    (receipt_url,) = [row.receipt_url for row in await world.rows(Payment) if row.amount == 2500]
    told = words_of(history)
    assert told.index("A book") < told.index("Pro (at")
    assert "€25.00" in told
    assert receipt_url in links_of(history)


@ON_SQLITE
async def test_nobody_sees_what_others_bought(world: World, ada: Actor, tmp_path: Path) -> None:
    await paid_by(world, ada)
    (invoice,) = await invoices(world)
    (charge,) = charges(world)
    bob = await world.person("bob")

    async with browser_of(world, bob, tmp_path) as browser:
        answers = [
            await browser.get(path)
            for path in (
                f"{HISTORY}/{invoice['id']}",
                f"{HISTORY}/{invoice['id']}/receipt.pdf",
                f"/api/v1/invoices/{invoice['id']}",
                f"/api/v1/payments/{charge['id']}",
            )
        ]
        lists = [
            (await browser.get(path)).json()["data"]
            for path in ("/api/v1/invoices", "/api/v1/payments")
        ]
        history = await browser.get(HISTORY, params={"before": invoice["id"]})

    assert [answer.status_code for answer in answers] == [404] * 4
    assert lists == [[], []]
    assert "No payments yet" in words_of(history)


@ON_SQLITE
async def test_an_address_that_makes_no_sense_narrows_nothing(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    await paid_by(world, ada)

    async with browser_of(world, ada, tmp_path) as browser:
        answers = [
            await browser.get(HISTORY, params=params)
            for params in ({"status": "gold"}, {"year": "²026"}, {"before": "in_of_nobody"})
        ]

    assert [(answer.status_code, "Pro (at" in words_of(answer)) for answer in answers] == [
        (200, True)
    ] * 3


async def three_months(world: World, ada: Actor) -> None:
    charge = await paid_by(world, ada)
    world.stripe.post("/v1/refunds", charge=charge["id"], amount="500")
    await world.move(days=32)
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    await world.move(days=30)
    await hear(world)


async def invoices(world: World) -> list[dict[str, Any]]:
    """At Stripe, newest first."""
    return world.stripe.all("/v1/invoices")


def standings(answer: httpx2.Response) -> list[str]:
    """The badges of the table, from the first row to the last."""
    return re.findall(r'<span class="badge[^"]*">([^<]+)</span>', answer.text)
