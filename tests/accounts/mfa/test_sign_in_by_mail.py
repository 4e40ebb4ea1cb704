"""Signing in by a mail: the code in the browser that asked, the link after a click."""

import re
from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.mail.service import OpenedMail
from tests.accounts.answers import shown
from tests.accounts.house import PASSWORD, Browser, House, another, code_in
from tests.accounts.second_step import enter, next_step, protected, sign_in_link_in
from tests.accounts.settled import settled

ADA = "ada@example.com"


async def asks(browser: Browser, email: str = ADA, **fields: str) -> OpenedMail:
    """The mail that came."""
    await browser.post("/sign-in/code", email=email, **fields)
    mails = await browser.house.mails(email)
    return next(mail for mail in mails if "Sign in to" in mail.subject)


async def types(browser: Browser, code: str) -> int:
    return (await browser.post("/sign-in/code/enter", code=code)).status_code


async def test_a_person_signs_in_by_the_code_without_a_password(house: House) -> None:
    await settled(house)
    phone = house.browser()

    asked = await phone.post("/sign-in/code", email=ADA, next="/premium")
    page = await phone.get("/sign-in/code")
    mail = await house.newest_mail(ADA)
    code = code_in(mail)
    entered = await phone.post("/sign-in/code/enter", code=f"{code[:3]} {code[3:]}")

    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/code")
    assert 'autocomplete="one-time-code"' in page.text
    assert mail.subject == "Sign in to Admit"
    assert (entered.status_code, entered.headers["location"]) == (303, "/premium")
    assert (await phone.whoami() or {})["email"] == ADA
    assert {row.amr for row in await house.rows(Session)} == {"code"}
    assert "mailed_code" not in phone.cookies


async def test_s22_the_link_acts_after_a_click_only_and_once_in_any_browser(house: House) -> None:
    await settled(house)
    link = sign_in_link_in(await asks(house.browser(), next="/premium"))
    other, third = house.browser(), house.browser()

    looked = await other.get(link)
    before = await other.whoami()
    clicked = await other.post(link)
    again = await third.post(link)

    assert looked.status_code == 200
    assert f'You are about to sign in as <strong class="break">{ADA}</strong>' in looked.text
    assert looked.headers["referrer-policy"] == "strict-origin"
    assert before is None
    assert (clicked.status_code, clicked.headers["location"]) == (303, "/premium")
    assert (again.status_code, await third.whoami()) == (410, None)
    assert (await third.get(link)).status_code == 410


async def test_s19_a_code_works_in_the_browser_that_asked_and_for_nothing_else(
    house: House,
) -> None:
    ada = await settled(house)
    asking, other, none = house.browser(), house.browser(), house.browser()
    code = code_in(await asks(asking))
    await asks(other)
    await none.sign_up("eve@example.com")

    elsewhere = [
        await types(other, code),
        await types(house.browser(), code),
        (await none.post("/verify", code=code)).status_code,
        (await ada.post("/sign-in/again", mailed_code=code)).status_code,
    ]

    assert elsewhere == [422, 303, 422, 422]
    assert await other.whoami() is None
    assert await types(asking, code) == 303


async def test_s19_a_newer_mail_ends_the_older_one(house: House) -> None:
    await settled(house)
    phone = house.browser()
    first = await asks(phone)

    early = await phone.post("/sign-in/code/again")
    house.clock.move(timedelta(seconds=61))
    again = await phone.post("/sign-in/code/again")
    second = await house.newest_mail(ADA)

    assert (early.status_code, early.headers["retry-after"]) == (429, "60")
    assert "Another mail can be sent soon. Try again in 60 seconds." in early.text
    assert again.headers["location"] == "/sign-in/code"
    assert await types(phone, code_in(first)) == 422
    assert (await phone.post(sign_in_link_in(first))).status_code == 410
    assert await types(phone, code_in(second)) == 303


async def test_s15_the_code_dies_after_ten_minutes_and_the_link_after_fifteen(
    house: House,
) -> None:
    await settled(house)
    phone, other = house.browser(), house.browser()
    code, link = code_in(await asks(phone)), sign_in_link_in(await asks(other))

    house.clock.move(timedelta(minutes=10, seconds=1))
    late = await types(phone, code)
    in_time = (await other.get(link)).status_code
    house.clock.move(timedelta(minutes=5))

    assert (late, in_time, (await other.post(link)).status_code) == (422, 200, 410)


async def test_s20_five_wrong_codes_kill_it(house: House) -> None:
    await settled(house)
    phone = house.browser()
    code = code_in(await asks(phone))

    statuses = [await types(phone, another(code)) for _ in range(5)]

    assert statuses == [422] * 5
    assert await types(phone, code) == 422
    page = await phone.post("/sign-in/code/enter", code=code)
    assert "That code no longer works. Ask for another mail below." in page.text


async def test_s10_an_unknown_address_is_answered_alike_and_told_by_mail(house: House) -> None:
    await settled(house, "here@example.com")
    await settled(house, "gone@example.com")
    await house.execute(
        "UPDATE users SET is_active = :no WHERE email_key = 'gone@example.com'", no=False
    )
    answers = []
    for email in ("here@example.com", "none@example.com", "gone@example.com", "HERE@Example.com"):
        browser = house.browser()
        answers.append(
            [
                shown(await browser.post("/sign-in/code", email=email)),
                shown(await browser.get("/sign-in/code")),
                shown(await browser.post("/sign-in/code/enter", code="000000")),
                shown(await browser.post("/sign-in/code/again")),
            ]
        )

    typed = await browser.get("/sign-in/code")

    # As it was typed, not as its owner writes it.
    assert "HERE@example.com" in typed.text
    assert answers == [answers[0]] * 4
    unknown, closed = [await house.newest_mail(f"{name}@example.com") for name in ("none", "gone")]
    assert unknown.subject == "You have no account at Admit with this address"
    assert "closed" in closed.subject
    for told in (unknown, closed):
        assert re.search(r"\b\d{6}\b", told.text) is None


async def test_s12_strangers_who_use_up_the_mails_do_not_keep_a_known_browser_out(
    house: House,
) -> None:
    ada = await settled(house)
    await ada.post("/sign-out")
    for number in range(10):
        await house.browser(f"203.0.113.{number}").post("/sign-in/code", email=ADA)

    stranger = await house.browser("203.0.113.99").post("/sign-in/code", email=ADA)
    owner = await ada.post("/sign-in/code", email=ADA)

    assert (stranger.status_code, owner.status_code) == (429, 303)
    assert "Too many mails were asked for. Try again in 24 hours." in stranger.text


async def test_the_second_step_is_asked_for_after_a_mail_too(house: House) -> None:
    ada = await protected(house)
    by_code, by_link = house.browser(), house.browser()
    code, link = code_in(await asks(by_code)), sign_in_link_in(await asks(by_link))

    entered = await by_code.post("/sign-in/code/enter", code=code)
    clicked = await by_link.post(link)

    assert entered.headers["location"] == "/sign-in/2fa"
    assert clicked.headers["location"] == "/sign-in/2fa"
    assert await by_code.whoami() is None
    assert (await enter(by_code, code=next_step(ada))).status_code == 303
    assert {row.amr for row in await house.rows(Session)} == {"code", "code totp"}


async def test_s46_coming_by_mail_wipes_a_password_that_nobody_had_confirmed(
    house: House,
) -> None:
    """The trojan identifier: Mallory signs up with Ada's address and waits."""
    mallory = house.browser()
    await mallory.sign_up(ADA)
    await mallory.sign_in(ADA)
    ada = house.browser()

    await types(ada, code_in(await asks(ada)))

    assert (await ada.whoami() or {})["verified"] is True
    assert await mallory.whoami() is None
    assert (await house.browser().sign_in(ADA, PASSWORD)).status_code == 422
    (user,) = await house.rows(User)
    assert user.password_hash is None


async def test_s30_a_deactivated_account_has_no_codes_any_more(house: House) -> None:
    await settled(house)
    phone, other = house.browser(), house.browser()
    code, link = code_in(await asks(phone)), sign_in_link_in(await asks(other))
    await house.execute("UPDATE users SET is_active = :no", no=False)

    assert await types(phone, code) == 422
    assert (await other.get(link)).status_code == 410
    assert (await other.post(link)).status_code == 410


async def test_s59_asking_and_entering_are_rows_of_the_security_history(house: House) -> None:
    await settled(house)
    await house.execute("DELETE FROM security_events")
    phone = house.browser("203.0.113.7")
    code = code_in(await asks(phone))
    await types(phone, another(code))
    await types(phone, code)

    history = sorted(await house.rows(SecurityEvent), key=lambda row: row.id)

    assert [(row.what, row.method, row.ip) for row in history] == [
        ("sign_in_code_asked", "code", "203.0.113.7"),
        ("sign_in_refused", "code", "203.0.113.7"),
        ("signed_in", "code", "203.0.113.7"),
    ]
    assert len({row.user_id for row in history}) == 1


async def test_s17_no_code_or_link_is_in_the_database_in_clear(house: House) -> None:
    await settled(house)
    mail = await asks(house.browser())

    dump = await house.dump()

    assert f"'{code_in(mail)}'" not in dump
    assert sign_in_link_in(mail).rpartition("/")[2] not in dump


async def test_what_is_no_address_is_said_beside_the_field(house: House) -> None:
    answer = await house.browser().post("/sign-in/code", email="not an address")

    assert answer.status_code == 422
    assert "Enter an e-mail address like name@example.com." in answer.text
    assert 'value="not an address"' in answer.text
