"""People of an existing business come in with what they have at Stripe, and only they get it."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from admit.access.service import features_of
from admit.accounts.models import User
from admit.billing.customers.linking import link_customer
from admit.billing.customers.models import BillingAccount
from admit.billing.errors import CustomerTaken
from admit.core.config import load_settings
from admit.core.mail import MailRow
from admit.wiring import wire
from tests.billing.connection.terminal import Terminal
from tests.engines.simulators import StripeSide
from tests.engines.world import World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def customer(stripe: StripeSide, email: str) -> str:
    form = {
        "email": email,
        "payment_method": "pm_card_visa",
        "invoice_settings[default_payment_method]": "pm_card_visa",
    }
    return str(stripe.post("/v1/customers", None, **form)["id"])


def subscribe(stripe: StripeSide, customer_id: str) -> None:
    (price,) = [each for each in stripe.all("/v1/prices") if each["unit_amount"] == 1200]
    form = {"customer": customer_id, "items[0][price]": price["id"]}
    stripe.post("/v1/subscriptions", None, **form)


def written(terminal: Terminal, *lines: str) -> str:
    file = terminal.directory / "people.csv"
    file.write_text("\ufeff" + "\n".join(lines) + "\n")
    return str(file)


def test_an_operator_brings_people_and_their_customers_in_once_however_often(
    terminal: Terminal,
) -> None:
    terminal.lines("seed")
    paying, other = customer(terminal.stripe, "ada@x.example"), customer(terminal.stripe, "b@x.io")
    subscribe(terminal.stripe, paying)
    file = written(
        terminal,
        "email,name,verified,stripe_customer_id",
        f"ada@example.com,Ada Lovelace,yes,{paying}",
        "bob@example.com,Bob,no,",
    )

    planned = terminal.lines("import", "people", file, "--dry-run")
    done = terminal.lines("import", "people", file, "--mail")
    again = terminal.lines("import", "people", file, "--mail")

    assert planned == [
        "Nothing was changed. 2 people are new, 0 are known, 1 have a Stripe customer."
    ]
    assert done == ["2 accounts were made, 0 were known, 1 customers were linked."]
    assert again == ["0 accounts were made, 2 were known, 0 customers were linked."]
    assert asyncio.run(people(terminal)) == [
        ("ada@example.com", True, False, paying, True),
        ("bob@example.com", False, False, None, False),
    ]
    assert asyncio.run(mails(terminal)) == ["accounts.account_made"] * 2

    later = written(
        terminal,
        "email,stripe_customer_id",
        f"bob@example.com,{other}",
    )
    assert terminal.lines("stripe", "link", later) == ["1 customers were linked."]
    assert terminal.lines("stripe", "link", later) == ["0 customers were linked."]


@ON_SQLITE
def test_one_wrong_line_keeps_the_whole_file_out_and_each_is_named(terminal: Terminal) -> None:
    known = customer(terminal.stripe, "ada@x.example")
    file = written(terminal, "email,stripe_customer_id", f"ada@example.com,{known}")
    terminal.lines("import", "people", file)
    another = customer(terminal.stripe, "ada@y.example")
    gone = customer(terminal.stripe, "gone@x.example")
    terminal.stripe.delete(f"/v1/customers/{gone}")
    file = written(
        terminal,
        "email,stripe_customer_id",
        f"bob@example.com,{known}",
        f"ada@example.com,{another}",
        "eve@example.com,cus_of_nobody",
        f"dan@example.com,{gone}",
        "no address,",
        "zoe@example.com,",
    )

    refused = terminal.types("import", "people", file)
    unknown = terminal.types("stripe", "link", file)

    named = [
        f"line 2: {known} belongs to ada@example.com already.",
        f"line 3: The person has another customer already, {known}.",
        "line 4: Stripe does not know cus_of_nobody.",
        f"line 5: Stripe does not know {gone}.",
        "line 6: 'no address' is no e-mail address.",
    ]
    assert refused.exit_code == 1
    assert refused.output.splitlines() == [*named, "Nothing was changed."]
    assert "line 7: zoe@example.com has no account." in unknown.output.splitlines()
    assert len(asyncio.run(people(terminal))) == 1


async def test_of_two_who_are_given_one_customer_at_the_same_moment_one_gets_it(
    world: World,
) -> None:
    bob, eve = await world.person("bob"), await world.person("eve")
    customer_id = customer(world.stripe, "somebody@example.test")
    subscribe(world.stripe, customer_id)

    both = await asyncio.gather(
        *[
            link_customer(world.billing, user_id=who.person.id, customer_id=customer_id)
            for who in (bob, eve)
        ],
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in both) == ["CustomerTaken", "bool"]
    await world.settle()
    opened = ["premium" in await who.features() for who in (bob, eve)]
    assert sorted(opened) == [False, True]
    assert await world.mails() == [], "what they paid before is no news"
    accounts = [row for row in await world.rows(BillingAccount) if row.stripe_customer_id]
    assert [row.stripe_customer_id for row in accounts] == [customer_id]
    loser = eve if opened[0] else bob
    with pytest.raises(CustomerTaken):
        await link_customer(world.billing, user_id=loser.person.id, customer_id=customer_id)


async def people(terminal: Terminal) -> list[tuple[str, bool, bool, str | None, bool]]:
    """Address, confirmed, has a password, customer, Premium is open; after the worker came."""
    wiring = wire(
        load_settings(
            database_url=terminal.database_url,
            stripe_secret_key="sk_test_of_the_shop",
            stripe_api_base=terminal.stripe.url,
            admit_data_dir=Path(terminal.directory),
        )
    )
    await wiring.worker.drain()
    async with wiring.parts.database.read() as db:
        rows = await db.execute(
            select(User, BillingAccount.stripe_customer_id)
            .outerjoin(BillingAccount, BillingAccount.user_id == User.id)
            .order_by(User.email)
        )
        now = wiring.parts.clock.business()
        found = [
            (
                user.email,
                user.is_verified,
                user.password_hash is not None,
                customer_id,
                "premium" in await features_of(db, user.id, now),
            )
            for user, customer_id in rows.all()
        ]
    wiring.billing.gateway.close()
    await wiring.parts.database.close()
    return found


async def mails(terminal: Terminal) -> list[str]:
    wiring = wire(load_settings(database_url=terminal.database_url))
    async with wiring.parts.database.read() as db:
        kinds = (await db.scalars(select(MailRow.kind).order_by(MailRow.kind))).all()
    wiring.billing.gateway.close()
    await wiring.parts.database.close()
    return [kind for kind in kinds if kind.startswith("accounts.")]
