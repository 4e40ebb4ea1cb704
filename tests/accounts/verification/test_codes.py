"""Codes: one browser, one use, five tries, ten minutes."""

import asyncio
from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.caller import Caller
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.accounts.verification.confirmation import NotConfirmed, enter_code
from admit.accounts.verification.models import VerificationCode
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import House, another, code_in, link_in
from tests.accounts.mailed import path_in
from tests.accounts.settled import settled

WRONG = "That code is not right."
DEAD = "That code no longer works."
RACERS = 16


async def test_s14_of_16_uses_at_once_exactly_one_succeeds(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    code = code_in(await house.newest_mail("ada@example.com"))
    racers = [house.browser() for _ in range(RACERS)]
    for racer in racers:
        racer.http.cookies.set("verification", ada.cookies["verification"], domain="127.0.0.1")

    answers = await asyncio.gather(*(racer.post("/verify", code=code) for racer in racers))

    won = [answer for answer in answers if "session" in answer.cookies]
    assert len(won) == 1
    assert len(await house.rows(Session)) == 1


async def test_s15_a_code_lives_ten_minutes(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    house.clock.move(timedelta(minutes=10, seconds=1))

    late = await ada.confirm()

    assert late.status_code == 422
    assert DEAD in late.text


async def test_s16_a_used_code_is_refused_however_it_is_written(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    waiting = ada.cookies["verification"]
    code = code_in(await house.newest_mail("ada@example.com"))
    wide = code.translate({ord("0") + i: 0xFF10 + i for i in range(10)})

    first = await ada.post("/verify", code=f"{wide[:3]} {wide[3:]}")
    await ada.post("/sign-out")
    ada.http.cookies.set("verification", waiting, domain="127.0.0.1")
    again = [
        await ada.post("/verify", code=form) for form in (code, f"{code[:3]} {code[3:]}", wide)
    ]

    assert first.headers["location"] == "/account"
    assert [answer.headers["location"] for answer in again] == ["/sign-in?next=%2Faccount"] * 3
    assert await ada.whoami() is None


async def test_s17_no_code_token_or_password_is_in_clear_in_any_table(house: House) -> None:
    ada = await house.person()
    await house.browser().sign_up("eve@example.com")
    issued = [found(mail) for mail in await house.mails() for found in (code_in, link_in)]
    secrets = [each.removeprefix("/verify/") for each in issued]
    secrets += [ada.cookies["session"], ada.cookies["device"]]

    dump = await house.dump()

    assert len(secrets) == 6
    assert [secret for secret in secrets if secret in dump] == []
    assert "heron under the quiet bridge" not in dump


async def test_s18_codes_have_20_bits_and_tokens_256(house: House) -> None:
    for i in range(3):
        await house.browser().sign_up(f"p{i}@example.com")

    mails = await house.mails()
    tokens = {link_in(mail).removeprefix("/verify/") for mail in mails}
    assert [len(code_in(mail)) for mail in mails] == [6, 6, 6]
    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 3


async def test_s19_a_code_works_only_in_the_browser_that_asked(house: House) -> None:
    ada, other, nobody = house.browser(), house.browser(), house.browser()
    await ada.sign_up("ada@example.com")
    await other.sign_up("eve@example.com")
    code = code_in(await house.newest_mail("ada@example.com"))

    elsewhere = await other.post("/verify", code=code)
    without = await nobody.post("/verify", code=code)
    here = await ada.post("/verify", code=code)

    assert elsewhere.status_code == 422
    assert without.headers["location"] == "/sign-in?next=%2Fverify"
    assert here.headers["location"] == "/account"


async def test_s19_only_the_newest_code_works(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    older = await house.newest_mail("ada@example.com")
    house.clock.move(timedelta(minutes=1))
    await ada.post("/verify/resend")

    refused = await ada.post("/verify", code=code_in(older))
    old_link = await ada.post(link_in(older))
    confirmed = await ada.confirm()

    assert (refused.status_code, old_link.status_code) == (422, 410)
    assert confirmed.headers["location"] == "/account"


async def test_s20_five_wrong_tries_end_a_code(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    code = code_in(await house.newest_mail("ada@example.com"))

    wrong = [await ada.post("/verify", code=another(code)) for _ in range(5)]
    right = await ada.post("/verify", code=code)

    assert [WRONG in answer.text for answer in wrong] == [True, True, True, True, False]
    assert DEAD in wrong[4].text
    assert (right.status_code, DEAD in right.text) == (422, True)
    assert await ada.whoami() is None


async def test_s20_what_is_no_code_costs_no_try(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()

    answers = [await ada.post("/verify", code=typed) for typed in ("", "12345", "abcdef") * 3]

    assert {"Enter the six digits from the mail." in answer.text for answer in answers} == {True}
    assert (await ada.confirm()).headers["location"] == "/account"


async def test_s20_a_burst_of_100_wrong_tries_is_counted_whole_and_at_most_5_looked_at(
    house: House,
) -> None:
    ada = house.browser()
    await ada.sign_up()
    code = code_in(await house.newest_mail("ada@example.com"))

    async def guess(number: int) -> object:
        async with house.database.write() as db:
            return await enter_code(
                db,
                house.parts.vault,
                ada.cookies["verification"],
                f"{(int(code) + number) % 1_000_000:06d}",
                caller=Caller(ip="203.0.113.9", user_agent=""),
                now=house.clock.wall(),
            )

    answers = await asyncio.gather(*(guess(number) for number in range(1, 101)))

    (row,) = await house.rows(VerificationCode)
    assert row.tries == 100
    assert answers.count(NotConfirmed.wrong) == 4
    assert answers.count(NotConfirmed.dead) == 96
    assert (await ada.post("/verify", code=code)).status_code == 422


async def test_another_mail_waits_a_minute_and_each_refusal_names_the_wait(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()

    early = await ada.post("/verify/resend")
    house.clock.move(timedelta(seconds=60))
    sent = await ada.post("/verify/resend")

    assert early.status_code == 429
    assert "You can ask for another mail in 60 seconds." in early.text
    assert 58 <= int(early.headers["retry-after"]) <= 60
    assert (sent.status_code, sent.headers["location"]) == (303, "/verify")
    assert len(await house.mails("ada@example.com")) == 2


async def test_after_five_more_mails_the_cap_names_the_wait(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    for _ in range(5):
        house.clock.move(timedelta(minutes=1))
        await ada.post("/verify/resend")
    house.clock.move(timedelta(minutes=1))

    capped = await ada.post("/verify/resend")

    assert capped.status_code == 429
    assert "No more mails can be sent to this address for now." in capped.text
    assert int(capped.headers["retry-after"]) > 86_000
    assert len(await house.mails("ada@example.com")) == 6
    assert (await ada.confirm()).headers["location"] == "/account"


async def test_two_clicks_at_once_send_one_mail(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    house.clock.move(timedelta(minutes=1))

    answers = await asyncio.gather(*(ada.post("/verify/resend") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [303, 429, 429, 429]
    assert len(await house.mails("ada@example.com")) == 2


async def test_htmx_gets_only_the_part_that_changed(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    ada.http.headers["hx-request"] = "true"

    early = await ada.post("/verify/resend")
    house.clock.move(timedelta(minutes=1))
    sent = await ada.post("/verify/resend")

    assert (early.status_code, sent.status_code) == (429, 200)
    assert "<html" not in early.text + sent.text
    assert "Another mail is on its way." in sent.text


async def test_somebody_unconfirmed_in_a_new_browser_asks_for_a_mail_of_its_own(
    house: House,
) -> None:
    await house.browser().sign_up()
    other = house.browser()
    await other.sign_in()
    del other.http.cookies["verification"]

    page = await other.get("/verify")
    no_code_here = await other.confirm()
    await other.post("/verify/resend")
    confirmed = await other.confirm()

    assert "ada@example.com" in page.text
    assert no_code_here.status_code == 422
    assert confirmed.headers["location"] == "/account"


async def test_s59_wrong_and_right_codes_are_rows_of_the_security_history(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    code = code_in(await house.newest_mail("ada@example.com"))
    await ada.post("/verify", code=another(code))
    await ada.post("/verify", code=code)

    (user,) = await house.rows(User)
    history = await house.rows(SecurityEvent)
    assert sorted((row.what, row.method, row.user_id) for row in history) == [
        ("address_confirmed", "code", user.id),
        ("code_refused", "code", user.id),
        ("signed_in", "code", user.id),
        ("signed_up", "password", user.id),
    ]


@ON_SQLITE
async def test_another_mail_is_sent_alike_when_the_address_has_lost_its_owner(
    house: House,
) -> None:
    ada, stranger = await settled(house), house.browser()
    await stranger.sign_up()
    await ada.post("/account/email", email="new@example.com")
    await ada.post(path_in(await house.newest_mail("new@example.com"), "/email/confirm/"))
    house.clock.move(timedelta(minutes=1))

    sent = await stranger.post("/verify/resend")

    assert (sent.status_code, sent.headers["location"]) == (303, "/verify")
    told = await house.newest_mail("ada@example.com")
    assert told.subject == "You have no account at Admit with this address"
