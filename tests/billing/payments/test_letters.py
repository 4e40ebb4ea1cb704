"""Who is written to about money, and that each is written to once."""

import pytest

from admit.accounts.models import Role, User
from admit.core.mail import MailRow
from admit.core.mail.service import open_mail
from tests.billing.test_money_back import charges, hear, paid_by
from tests.engines.world import Actor, World

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ADA, BOB = "ada@example.test", "bob@example.test"


async def test_the_first_payment_is_welcomed_and_each_later_one_has_its_receipt(
    world: World, ada: Actor
) -> None:
    await paid_by(world, ada)
    await world.move(days=32)
    await hear(world)
    await hear(world)

    assert await mails(world) == [
        ("billing.receipt", ADA, f"Your receipt {number(world, 0)}"),
        ("billing.welcome", ADA, "Welcome to Pro"),
    ]
    receipt = await text_of(world, "billing.receipt")
    assert "Paid: €12.00" in receipt
    assert "Paid until: May 1, 2026" in receipt
    assert f"/account/billing/history/{invoice(world, 0)['id']}" in receipt
    assert f"/account/billing/history/{invoice(world, 1)['id']}" in await text_of(
        world, "billing.welcome"
    )


async def test_what_goes_back_is_told_in_full_in_part_and_when_it_did_not_arrive(
    world: World, ada: Actor
) -> None:
    first = await paid_by(world, ada)
    await world.move(days=32)
    await hear(world)
    (second,) = [charge for charge in charges(world) if charge["id"] != first["id"]]

    world.stripe.post("/v1/refunds", charge=first["id"], amount="500")
    whole = world.stripe.post("/v1/refunds", charge=second["id"])
    await hear(world)
    world.stripe.post(f"/_control/refunds/{whole['id']}/fail")
    await hear(world)

    told = [mail for mail in await mails(world) if "refund" in mail[0]]
    assert told == [
        ("billing.partial_refund", ADA, "Your money is on its way back"),
        ("billing.refund", ADA, "Your money is on its way back"),
        ("billing.refund_failed", ADA, "Your refund did not arrive"),
    ]
    assert "Back to you: €5.00\nYou had paid: €12.00" in await text_of(
        world, "billing.partial_refund"
    )
    assert "Back to you: €12.00" in await text_of(world, "billing.refund")


async def test_staff_is_told_when_a_payment_is_disputed_and_how_it_ended(
    world: World, ada: Actor
) -> None:
    bob = await world.person("bob")
    async with world.database.write() as db:
        (await db.get_one(User, bob.person.id)).role = Role.staff
    charge = await paid_by(world, ada)

    dispute = world.stripe.post("/_control/disputes", {"charge": charge["id"]})["dispute"]
    await hear(world)
    world.stripe.post(f"/_control/disputes/{dispute}", {"outcome": "lost"})
    await hear(world)

    assert [mail for mail in await mails(world) if "dispute" in mail[0]] == [
        ("billing.dispute", BOB, "A payment is disputed"),
        ("billing.dispute_closed", BOB, "A dispute is over: lost"),
    ]
    # The simulator waits nine days for an answer.
    opened = await text_of(world, "billing.dispute")
    assert f"the bank of {ADA} asks" in opened
    assert "Answer until: March 10, 2026" in opened


async def test_whose_bank_wants_to_see_them_is_led_to_the_page_where_they_confirm(
    world: World, ada: Actor
) -> None:
    await paid_by(world, ada)
    world.stripe.next_charges(await ada.customer_id(), "challenge")
    await world.move(days=32)
    await hear(world)
    await hear(world)

    asked = [mail for mail in await mails(world) if mail[0] == "billing.action_required"]
    assert asked == [("billing.action_required", ADA, "Your bank asks you to confirm a payment")]
    text = await text_of(world, "billing.action_required")
    assert invoice(world, 0)["hosted_invoice_url"] in text
    assert "Amount: €12.00" in text


def invoice(world: World, place: int) -> dict[str, str]:
    """At Stripe; 0 is the newest."""
    return world.stripe.all("/v1/invoices")[place]


def number(world: World, place: int) -> str:
    return invoice(world, place)["number"]


async def mails(world: World) -> list[tuple[str, str, str]]:
    return sorted((row.kind, row.recipient, row.subject) for row in await world.rows(MailRow))


async def text_of(world: World, kind: str) -> str:
    (row,) = [row for row in await world.rows(MailRow) if row.kind == kind]
    return open_mail(row, world.billing.vault).text
