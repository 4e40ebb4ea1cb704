"""Signing up: what is asked, what is kept, and what nobody is told."""

import pytest
from jinja2 import Environment

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.password.service import Passwords
from admit.core.events import EventRow
from tests.accounts.answers import shown
from tests.accounts.house import PASSWORD, House, code_in, open_house

N = 15


async def test_a_newcomer_is_kept_once_with_what_they_typed(house: House) -> None:
    await house.browser().sign_up(
        " Ada.Lovelace@EXAMPLE.com", first_name=" Ada ", last_name="de  Lovelace"
    )

    (user,) = await house.rows(User)
    assert (user.email, user.email_key) == ("Ada.Lovelace@example.com", "ada.lovelace@example.com")
    assert (user.first_name, user.last_name) == ("Ada", "de Lovelace")
    assert (user.role, user.is_active, user.verified_at) == ("member", True, None)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=3,p=4$")


async def test_one_mail_with_a_code_and_a_link_is_queued_and_the_facts_recorded(
    house: House,
) -> None:
    await house.browser().sign_up()

    (mail,) = await house.mails()
    recorded = [row.name for row in await house.rows(EventRow)]
    assert (mail.recipient, mail.subject) == ("ada@example.com", "Confirm your address at Admit")
    assert "Ada" in mail.text
    assert "/verify/" in mail.text
    assert code_in(mail) not in mail.subject
    assert sorted(recorded) == ["accounts.signed_up", "mail.queued"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "ada"}, "Enter an e-mail address like name@example.com."),
        ({"email": "ada\x00@example.com"}, "Enter an e-mail address like name@example.com."),
        ({"first_name": "A\x00da"}, "Your first name holds a character that cannot be shown."),
        ({"last_name": " "}, "Enter your last name."),
        ({"password": "x" * (N - 1)}, "Use at least 15 characters."),
        ({"password": "password1234567"}, "This is easy to guess"),
        ({"password": "é" * 513}, "This password is too long: 1024 bytes are the most."),
        ({"password": ""}, "Choose a password."),
    ],
)
async def test_s01_to_s06_a_refused_form_comes_back_with_its_reason_and_no_password(
    house: House, fields: dict[str, str], sentence: str
) -> None:
    typed = {"email": "ada@example.com", **fields}

    refused = await house.browser().sign_up(**typed)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert 'value="Lovelace"' in refused.text or "last_name" in fields
    assert fields.get("password", PASSWORD) not in refused.text or not fields.get("password", "x")
    assert await house.rows(User) == []


async def test_s01_n_minus_1_characters_are_refused_and_n_accepted(house: House) -> None:
    short = await house.browser().sign_up(password="fox jumps dune")
    enough = await house.browser().sign_up(password="fox jumps dunes")

    assert (short.status_code, enough.status_code) == (422, 303)


async def test_s02_over_the_cap_nothing_is_hashed_and_s09_a_full_queue_says_so(
    database_url: str, templates: Environment
) -> None:
    """Nobody finds room in this queue, so whoever is answered otherwise was never hashed."""
    async with open_house(database_url, templates) as house:
        house.app.state.passwords = Passwords(memory_kib=19456, at_once=1, queue=-1)
        browser = house.browser()

        endless = await browser.sign_up(password="heron " * 171)
        endless_sign_in = await browser.sign_in(password="heron " * 171)
        full = await browser.sign_up()
        full_sign_in = await browser.sign_in()

        assert (endless.status_code, endless_sign_in.status_code) == (422, 422)
        assert (full.status_code, full.headers["retry-after"]) == (503, "5")
        assert (full_sign_in.status_code, full_sign_in.headers["retry-after"]) == (503, "5")


@pytest.mark.parametrize(
    "password",
    [
        "heron under quiet bridges, " * 2 + "and dunes.",
        "🦊 jumps over 🌊🌊 waves",
        "x" + " dune fox" * 14,
    ],
)
async def test_s02_long_passwords_spaces_and_emoji_sign_up_and_in(
    house: House, password: str
) -> None:
    ada = house.browser()

    signed_up = await ada.sign_up(password=password)
    signed_in = await ada.sign_in(password=password)

    assert (signed_up.status_code, signed_in.status_code) == (303, 303)


async def test_s10_a_known_and_an_unknown_address_get_the_same_answers(house: House) -> None:
    await house.person("known@example.com")
    at_known, at_unknown = house.browser(), house.browser()

    for path, fields in (
        ("/sign-up", {"first_name": "Eve", "last_name": "Moneypenny", "password": PASSWORD}),
        ("/verify", {"code": "12 34"}),
        ("/verify/resend", {}),
    ):
        known = await at_known.post(path, **fields, email="known@example.com")
        unknown = await at_unknown.post(path, **fields, email="other@example.com")
        assert shown(known) == shown(unknown)
        assert shown(await at_known.get("/verify")) == shown(await at_unknown.get("/verify"))

    assert set(at_known.cookies) == set(at_unknown.cookies) == {"verification"}


async def test_s10_wrong_codes_and_resends_are_refused_alike_for_both(house: House) -> None:
    await house.person("known@example.com")
    at_known, at_unknown = house.browser(), house.browser()
    await at_known.sign_up("known@example.com")
    await at_unknown.sign_up("other@example.com")
    right = code_in(await house.newest_mail("other@example.com"))
    wrong = [f"{(int(right) + more) % 1_000_000:06d}" for more in range(1, 8)]

    for code in wrong:
        known = await at_known.post("/verify", code=code)
        unknown = await at_unknown.post("/verify", code=code)
        assert shown(known) == shown(unknown)

    for _ in range(2):
        known = await at_known.post("/verify/resend")
        unknown = await at_unknown.post("/verify/resend")
        assert known.status_code == unknown.status_code == 429


async def test_s10_the_owner_is_told_and_nothing_of_the_account_changes(house: House) -> None:
    await house.person("known@example.com")
    (before,) = await house.rows(User)

    await house.browser().sign_up(
        "KNOWN@example.com", first_name="Mallory", password="m" + PASSWORD
    )

    (after,) = await house.rows(User)
    newest = (await house.mails())[0]
    assert (after.password_hash, after.first_name) == (before.password_hash, before.first_name)
    assert (newest.kind, newest.recipient) == ("accounts.already_registered", "known@example.com")


async def test_too_many_mails_to_one_address_are_refused_with_the_wait_for_both_alike(
    house: House,
) -> None:
    await house.person("known@example.com")
    await house.browser().sign_up("other@example.com")
    await house.execute("UPDATE limit_windows SET count = 9 WHERE key LIKE 'verification_mail:%'")

    answers = [
        (await house.browser().sign_up(email), await house.browser().sign_up(email))
        for email in ("known@example.com", "other@example.com")
    ]

    for tenth, eleventh in answers:
        assert (tenth.status_code, eleventh.status_code) == (303, 429)
        assert "This was tried too often. Try again in 24 hours." in eleventh.text
        assert int(eleventh.headers["retry-after"]) > 86_000


async def test_too_many_sign_ups_from_one_network_wait_before_anything_is_hashed(
    house: House,
) -> None:
    await house.browser().sign_up("first@example.com")
    await house.execute("UPDATE limit_windows SET count = 100 WHERE key LIKE 'sign_up:%'")

    held = await house.browser().sign_up("next@example.com")
    elsewhere = await house.browser("203.0.113.9").sign_up("other@example.com")

    assert (held.status_code, elsewhere.status_code) == (429, 303)
    assert "Try again in 60 minutes." in held.text
    assert 'value="next@example.com"' in held.text


async def test_the_plan_and_the_page_asked_for_are_kept(house: House) -> None:
    by_plan, by_page = house.browser(), house.browser()
    form = await by_plan.get("/sign-up?plan=pro_monthly")
    await by_plan.sign_up("plan@example.com", plan="pro_monthly")
    await by_page.sign_up("page@example.com", plan="pro_monthly", next="/premium")

    to_plan = await by_plan.confirm("plan@example.com")
    to_page = await by_page.confirm("page@example.com")

    assert 'name="plan" value="pro_monthly"' in form.text
    assert "/sign-in?next=%2Fpricing%3Fplan%3Dpro_monthly" in form.text
    assert to_plan.headers["location"] == "/pricing?plan=pro_monthly"
    assert to_page.headers["location"] == "/premium"


async def test_s47_a_foreign_next_is_forgotten(house: House) -> None:
    ada = house.browser()
    form = await ada.get("/sign-up?next=//evil.example")
    await ada.sign_up(next="//evil.example")

    confirmed = await ada.confirm()
    signed_in = await ada.sign_in(next="https://evil.example")

    assert "evil" not in form.text
    assert confirmed.headers["location"] == "/account"
    assert signed_in.headers["location"] == "/account"


async def test_s56_fields_that_were_not_asked_for_change_nothing(house: House) -> None:
    ada = house.browser()

    await ada.sign_up(role="admin", is_admin="1", verified_at="2020-01-01", id="usr_1")

    (user,) = await house.rows(User)
    assert (user.role, user.verified_at, user.id == "usr_1") == ("member", None, False)


async def test_s59_each_sign_up_is_a_row_of_the_security_history(house: House) -> None:
    ada = house.browser("203.0.113.9", **{"user-agent": "Fox/1"})
    await ada.sign_up()
    await ada.sign_up()

    (user,) = await house.rows(User)
    history = sorted(await house.rows(SecurityEvent), key=lambda row: row.id)
    assert [(row.what, row.method, row.user_id) for row in history] == [
        ("signed_up", "password", user.id),
        ("sign_up_of_known_address", "password", user.id),
    ]
    assert {(row.ip, row.user_agent) for row in history} == {("203.0.113.9", "Fox/1")}
