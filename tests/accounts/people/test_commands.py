"""`admit user …`: what an operator does with accounts, in this process and on both databases."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner, Result

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.cli import app
from admit.core.clock import Clock
from admit.core.config import load_settings
from admit.core.crypto import Vault
from admit.core.db import Database
from admit.core.mail.service import newest_mails, open_mail
from tests.access.people import add_session

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

GRACE = "grace@example.com"
Admit = Callable[..., Result]


@pytest.fixture
def admit(database_url: str, tmp_path: Path) -> Admit:
    def typed(*words: str) -> Result:
        settings = {"DATABASE_URL": database_url, "ADMIT_DATA_DIR": str(tmp_path)}
        return CliRunner().invoke(app, ["user", *words], env=settings)

    return typed


def made(admit: Admit, *more: str) -> Result:
    return admit("create", GRACE, "--first-name", "Grace", "--last-name", "Hopper", *more)


def test_an_operator_makes_an_account_that_nobody_knows_a_password_of(
    admit: Admit, database_url: str
) -> None:
    """S25, S2-11: whoever runs the server sets no password; the owner comes in by a mail."""
    first = made(admit, "--role", "staff")
    again = made(admit)
    shown = admit("show", "GRACE@example.com")

    facts = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines() if "  " in line)
    mail = asyncio.run(newest_mail(database_url))
    assert (first.exit_code, again.exit_code) == (0, 1)
    assert again.stderr == "That address already has an account.\n"
    assert (facts["name"], facts["role"], facts["state"]) == ("Grace Hopper", "staff", "active")
    assert (facts["password"], facts["confirmed"], facts["newsletter"]) == ("none", "yes", "no")
    assert {"id", "handle", "member", "changed", "last"} <= set(facts)
    assert "/sign-in/code" in mail


def test_an_operator_closes_opens_and_signs_people_out_and_the_history_tells(
    admit: Admit, database_url: str
) -> None:
    """S30, S59, U8: each is one row that says it was done in the terminal."""
    made(admit)
    asyncio.run(signed_in_twice(database_url))

    revoked = admit("revoke-sessions", GRACE)
    told = [admit(word, GRACE) for word in ("deactivate", "deactivate", "reactivate", "reactivate")]
    events = asyncio.run(history(database_url))

    assert revoked.stdout == f"{GRACE} is signed out of 2 places.\n"
    assert asyncio.run(sessions(database_url)) == 0
    assert [each.stdout for each in told] == [
        f"{GRACE} is closed now.\n",
        f"{GRACE} is closed already.\n",
        f"{GRACE} is open again.\n",
        f"{GRACE} cannot be opened: it is not closed, or erased.\n",
    ]
    assert [each.exit_code for each in told] == [0, 0, 0, 1]
    assert sorted(events) == [
        ("account_created", "terminal", "member"),
        ("account_deactivated", "terminal", None),
        ("account_reactivated", "terminal", None),
        ("sessions_revoked", "terminal", None),
    ]


@ON_SQLITE
def test_an_operator_grants_roles_but_not_away_from_the_last_admin(admit: Admit) -> None:
    """S3-04, S0-02."""
    made(admit)

    answers = [admit("grant-role", GRACE, role) for role in ("admin", "admin", "member", "king")]

    assert [each.exit_code for each in answers] == [0, 0, 1, 1]
    assert [each.stdout for each in answers[:2]] == [
        f"{GRACE} is admin now.\n",
        f"{GRACE} is admin already.\n",
    ]
    assert answers[2].stderr == "Somebody must stay who may do everything.\n"
    assert answers[3].stderr == "role: Choose one of member, staff, admin.\n"


@ON_SQLITE
def test_s24_a_lost_second_factor_ends_after_a_day_and_its_owner_is_told(
    admit: Admit, database_url: str
) -> None:
    """S24: an operator's word, 24 hours, an audit row and a mail; never mail alone."""
    made(admit)
    without = admit("reset-mfa", GRACE)
    asyncio.run(turn_on_two_factor(database_url))

    asked = admit("reset-mfa", GRACE)

    assert (without.exit_code, without.stderr) == (1, f"{GRACE} has no second factor.\n")
    assert asked.stdout.startswith(f"The second factor of {GRACE} ends on ")
    assert "It ends in 24 hours" in asyncio.run(newest_mail(database_url))
    assert ("two_factor_reset_asked", "terminal", None) in asyncio.run(history(database_url))


def test_an_operator_finds_people_and_is_told_of_who_is_none(admit: Admit) -> None:
    made(admit)
    admit("create", "ada@example.com", "--first-name", "Ada", "--last-name", "L")

    listed = [admit("list", *words).stdout.splitlines() for words in ([], ["hopp"], ["nobody"])]
    unknown = admit("show", "nobody@example.com")
    wrong = admit("create", "x", "--first-name", "", "--last-name", "L")

    assert [len(lines) for lines in listed] == [2, 1, 0]
    assert listed[1][0].split("\t")[:3] == [GRACE, "member", "active"]
    assert unknown.stderr == "Nobody has an account with the address nobody@example.com.\n"
    assert wrong.stderr.splitlines() == [
        "email: Enter an e-mail address like name@example.com.",
        "first_name: Enter your first name.",
    ]


async def newest_mail(database_url: str) -> str:
    settings = load_settings(database_url=database_url)
    database = Database.of(settings)
    async with database.read() as db:
        row = (await newest_mails(db))[0]
    await database.close()
    return open_mail(row, Vault(settings.admit_secret_key.get_secret_value())).text


async def history(database_url: str) -> list[tuple[str, str, str | None]]:
    database = Database(database_url)
    async with database.read() as db:
        rows = [
            (each.what, each.method, each.detail)
            for each in await db.scalars(select(SecurityEvent))
        ]
    await database.close()
    return rows


async def sessions(database_url: str) -> int:
    database = Database(database_url)
    async with database.read() as db:
        rows = len(list(await db.scalars(select(Session))))
    await database.close()
    return rows


async def signed_in_twice(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as db:
        user = (await db.scalars(select(User))).one()
        for _ in range(2):
            await add_session(db, user, now=Clock().wall())
    await database.close()


async def turn_on_two_factor(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as db:
        await db.execute(text("UPDATE users SET two_factor_since = created_at"))
    await database.close()
