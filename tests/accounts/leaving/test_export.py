"""A copy of everything that is held, and proof that nothing is forgotten."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta

from sqlalchemy import inspect

import admit.models
from admit.accounts.leaving.erasure import erase
from admit.accounts.leaving.export import harmless
from admit.accounts.models import User
from admit.core.db import Base
from admit.holdings import HOLDINGS
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import House
from tests.accounts.mailed import path_in
from tests.accounts.settled import settled

EXPORT = "/account/data/export"
SECRET = ("hash", "fingerprint", "sealed", "secret")
SEALED_TOO = {"authenticator_apps.pending"}

THEMSELVES = {"subscription_changes.asked_by"}
"""Columns that say by another name whose the row is."""

assert admit.models


async def test_a_person_takes_everything_as_json(house: House) -> None:
    ada = await house.person()
    await house.person("bob@example.com")

    answer = await ada.post(EXPORT, file="json")

    body = answer.json()
    assert answer.headers["content-type"] == "application/json"
    today = house.clock.wall().date().isoformat()
    assert answer.headers["content-disposition"] == f'attachment; filename="your-data-{today}.json"'
    assert list(body["held"]) == [holding.name for holding in HOLDINGS]
    (account,) = body["held"]["account"]["rows"]
    assert (account["email"], account["first_name"], account["role"]) == (
        "ada@example.com",
        "Ada",
        "member",
    )
    assert datetime.fromisoformat(account["created_at"]).tzinfo is not None
    (session,) = body["held"]["sessions"]["rows"]
    assert session["ip"] == "127.0.0.1"
    assert [row["subject"] for row in body["held"]["mails"]["rows"]] == [
        "Confirm your address at Admit"
    ]
    assert "bob@example.com" not in answer.text


async def test_a_person_takes_no_mails_of_others_by_naming_their_address(house: House) -> None:
    """Nor do they learn who has an account, nor take mails along when they are erased."""
    ada = await settled(house)
    await settled(house, "bob@example.com")
    await house.browser().post("/password/reset", email="bob@example.com")
    await ada.post("/account/email", email="bob@example.com")
    wanted = (await ada.post(EXPORT)).json()["held"]["mails"]["rows"]
    house.clock.move(timedelta(seconds=1))
    await ada.post("/account/email", email="new@example.com")
    await ada.post(path_in(await house.newest_mail("new@example.com"), "/email/confirm/"))
    house.clock.move(timedelta(seconds=1))
    await settled(house, "ada@example.com")
    await house.browser().post("/password/reset", email="ada@example.com")

    (moved,) = [row for row in await house.rows(User) if row.email == "new@example.com"]
    held = (await ada.post(EXPORT)).json()["held"]["mails"]["rows"]
    async with house.database.write() as db:
        await erase(db, moved.id, HOLDINGS)

    assert wanted == []
    assert sorted((row["recipient"], row["kind"]) for row in held) == [
        ("ada@example.com", "accounts.email_changed"),
        ("new@example.com", "accounts.change"),
        ("new@example.com", "accounts.email_change"),
    ]
    assert [mail.kind for mail in await house.mails("ada@example.com")] == ["accounts.reset"]
    kinds = sorted(mail.kind for mail in await house.mails("bob@example.com"))
    assert kinds == ["accounts.email_in_use", "accounts.reset"]


@ON_SQLITE
async def test_a_person_takes_everything_as_csv(house: House) -> None:
    ada = await house.person()

    answer = await ada.post(EXPORT, file="csv")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"{holding.name}.csv" for holding in HOLDINGS]
        (account,) = csv.DictReader(io.StringIO(archive.read("account.csv").decode()))
        history = list(csv.DictReader(io.StringIO(archive.read("security_history.csv").decode())))
    assert account["email"] == "ada@example.com"
    assert {"signed_up", "address_confirmed", "signed_in"} <= {row["what"] for row in history}


@ON_SQLITE
async def test_s56_no_secret_is_handed_out(house: House) -> None:
    """Neither in what the declarations say, nor in what a person gets."""
    ada = await house.person()
    await house.browser().post("/password/reset", email="ada@example.com")
    (row,) = json.loads((await ada.post(EXPORT)).text)["held"]["account"]["rows"]

    handed_out = [
        f"{holding.name}.{column}"
        for holding in HOLDINGS
        for column in holding.columns
        if any(part in column for part in SECRET) or f"{holding.name}.{column}" in SEALED_TOO
    ]

    assert handed_out == []
    assert "$argon2id$" not in json.dumps(row)


@ON_SQLITE
async def test_a_person_who_asks_for_many_copies_waits(house: House) -> None:
    ada = await house.person()

    first = await ada.post(EXPORT)
    await house.execute("UPDATE limit_windows SET count = 9 WHERE key LIKE 'data_export:%'")
    tenth, eleventh = await ada.post(EXPORT), await ada.post(EXPORT)

    assert [answer.status_code for answer in (first, tenth, eleventh)] == [200, 200, 429]
    assert eleventh.headers["retry-after"] == "3600"


@ON_SQLITE
async def test_somebody_who_asks_for_another_kind_of_file_is_told(house: House) -> None:
    ada = await house.person()
    house.clock.move(timedelta(minutes=1))

    assert (await ada.post(EXPORT, file="exe")).status_code == 422


def test_every_table_about_people_is_declared() -> None:
    """A new table that refers to `users` needs a holding: see `accounts.leaving.holdings`."""
    declared = {holding.table.__tablename__ for holding in HOLDINGS}
    about_people = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name == "users" for key in table.foreign_keys)
    }

    assert about_people - declared == set()


def test_s56_nobody_elses_id_is_handed_out() -> None:
    """Who of the staff had a part in it is not what we hold about the person."""
    named = {
        f"{holding.name}.{column.key}"
        for holding in HOLDINGS
        for column in inspect(holding.table).columns
        for key in column.foreign_keys
        if key.column.table.name == "users" and column.key in holding.columns
    }

    assert {name for name in named if not name.endswith(".user_id")} <= THEMSELVES


def test_what_is_erased_is_declared_before_what_it_refers_to() -> None:
    """Else its rows could not be found, or the database would refuse."""
    order = [holding.table.__tablename__ for holding in HOLDINGS]
    wrong = [
        (table.name, key.column.table.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if {table.name, key.column.table.name} <= set(order) - {"billing_accounts", "subscriptions"}
        and table.name != key.column.table.name
        and order.index(table.name) > order.index(key.column.table.name)
    ]

    assert wrong == []


def test_a_formula_in_a_name_is_only_text() -> None:
    assert harmless('=HYPERLINK("http://evil.example")') == '\'=HYPERLINK("http://evil.example")'
    assert [harmless(each) for each in ("Ada", 3, None, True)] == ["Ada", 3, None, True]
