"""`STRIPE_TAX=on`: taxes are said before anybody pays, collected by place, and stand on receipts.

A seller in Germany who collects taxes there and in the rest of the EU; Pro is 12.00 a month without
them.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from admit.billing.invoices.models import Invoice
from tests.billing.pages import browser_of
from tests.engines.document import facts_of, read
from tests.engines.simulators import Simulators
from tests.engines.world import Actor, World, open_world

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

HOME = {"billing_country": "DE", "billing_postal_code": "10115"}
HOME |= {"billing_line1": "Unter den Linden 1", "billing_city": "Berlin"}
ABROAD = {**HOME, "billing_country": "FR", "billing_postal_code": "75001"}
BUSINESS = {**ABROAD, "business_name": "Moteurs Analytiques"}
BUSINESS |= {"tax_id_type": "eu_vat", "tax_id": "FRAB123456789"}


@pytest.fixture
async def world(database_url: str, simulators: Simulators) -> AsyncIterator[World]:
    async with open_world(database_url, simulators, stripe_tax="on") as world:
        office = {"head_office[address][country]": "DE", "defaults[tax_behavior]": "exclusive"}
        world.stripe.post("/v1/tax/settings", None, **office)
        for kind in ("standard", "oss_union"):
            registered = {"country": "DE", "active_from": "now"}
            registered["country_options[de][type]"] = kind
            world.stripe.post("/v1/tax/registrations", None, **registered)
        yield world


async def pays(world: World, actor: Actor, answers: dict[str, str]) -> Invoice:
    session_id = await actor.starts_checkout()
    card = {"card": "4242424242424242", "answers": answers}
    world.stripe.post(f"/_control/checkout/{session_id}/pay", card)
    await world.settle()
    account = await actor.account()
    (invoice,) = [row for row in await world.rows(Invoice) if row.billing_account_id == account.id]
    return invoice


class Place(NamedTuple):
    """What is answered on the payment page, and what follows from it."""

    answers: dict[str, str]
    total: int
    tax: int
    is_reversed: bool = False


# 19 % in Germany, 20 % in France; a business there pays its tax itself.
PLACES = (
    Place(HOME, 1428, 228),
    Place(ABROAD, 1440, 240),
    Place(BUSINESS, 1200, 0, is_reversed=True),
)


@pytest.mark.parametrize("place", PLACES)
async def test_the_tax_of_the_place_is_collected_and_stands_on_the_receipt(
    world: World, ada: Actor, tmp_path: Path, place: Place
) -> None:
    async with browser_of(world, ada, tmp_path) as browser:
        before = (await browser.get("/checkout?price=pro-monthly")).text

        invoice = await pays(world, ada, place.answers)
        receipt = read((await browser.get(f"/account/billing/history/{invoice.id}")).text)

    assert "Taxes come on top" in before
    assert (invoice.subtotal, invoice.tax, invoice.total) == (1200, place.tax, place.total)
    assert invoice.reverse_charge is place.is_reversed
    said = facts_of(receipt).get("Tax")
    assert said == ("Reverse charge: to be paid by the buyer" if place.is_reversed else None)
    assert "premium" in await ada.features()


async def test_the_price_list_says_that_taxes_come_on_top(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    async with browser_of(world, ada, tmp_path) as browser:
        page = read((await browser.get("/pricing")).text)

    notes = {note.text for note in page.all("span", class_="price-choice__note")}
    assert {note.rpartition(" · ")[2] for note in notes} == {"plus tax"}
