"""What holds guessing back besides the counts by account and network."""

from datetime import timedelta

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.limits.models import LimitWindow
from admit.accounts.models import User
from tests.accounts.house import PASSWORD, House, code_in
from tests.accounts.settled import settled

WRONG = "not the right bridge"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_s13_a_hundred_wrong_passwords_in_a_row_close_the_password_until_it_is_new(
    house: House,
) -> None:
    ada = await settled(house)
    await ada.post("/sign-out")
    await house.execute("UPDATE users SET password_failures = 98")

    await house.browser("203.0.113.1").sign_in(password=WRONG)
    still_open = await house.browser("203.0.113.2").sign_in()
    await house.execute("UPDATE users SET password_failures = 99")
    for number in (3, 4):
        await house.browser(f"203.0.113.{number}").sign_in(password=WRONG)
    right, known = await house.browser("203.0.113.5").sign_in(), await ada.sign_in()
    by_mail = await ada.post("/sign-in/code", email="ada@example.com")

    assert still_open.status_code == 303
    assert [right.status_code, known.status_code, by_mail.status_code] == [422, 422, 303]
    told = [mail.subject for mail in await house.mails("ada@example.com")]
    assert told.count("Your password no longer works at Admit") == 1
    closed = [e.what for e in await house.rows(SecurityEvent) if e.what == "password_closed"]
    assert closed == ["password_closed"]


async def test_s13_the_right_password_sets_the_count_back(house: House) -> None:
    ada = await settled(house)
    await ada.sign_in(password=WRONG)
    (failed,) = await house.rows(User)
    await ada.sign_in()
    (entered,) = await house.rows(User)

    assert (failed.password_failures, entered.password_failures) == (1, 0)


async def test_s13_a_closed_password_proves_nothing_either(house: House) -> None:
    ada = await settled(house)
    await house.execute("UPDATE users SET password_failures = 100")

    assert (await ada.post("/sign-in/again", password=PASSWORD)).status_code == 422
    assert "Your password no longer works" in (await ada.get("/account/security")).text


async def test_s12_a_thousand_tries_everywhere_hold_back_strangers_and_nobody_known(
    house: House,
) -> None:
    ada = await settled(house)
    await ada.post("/sign-out")
    await use_up(house, "sign_in_everywhere:all", 1000)

    stranger = await house.browser("203.0.113.1").sign_in("nobody@example.com", WRONG)
    known = await ada.sign_in()

    assert (stranger.status_code, stranger.headers["retry-after"]) == (429, "300")
    assert known.status_code == 303


async def test_s12_what_others_used_up_keeps_no_known_browser_from_its_mail_and_code(
    house: House,
) -> None:
    """A household, a café and half a town may share one address; and there is an end for all."""
    ada = await settled(house)
    await ada.post("/sign-out")
    for key, count in {
        "sign_in_mail_network:127.0.0.1": 60,
        "sign_in_mail_everywhere:all": 1000,
        "sign_in_code_network:127.0.0.1": 60,
        "sign_in_code_everywhere:all": 1000,
        "sign_up_everywhere:all": 1000,
    }.items():
        await use_up(house, key, count)

    stranger, newcomer = house.browser("203.0.113.1"), house.browser("203.0.113.2")
    refused = [
        await stranger.post("/sign-in/code", email="ada@example.com"),
        await newcomer.sign_up("new@example.com"),
    ]
    await ada.post("/sign-in/code", email="ada@example.com")
    house.clock.move(timedelta(seconds=61))
    again = await ada.post("/sign-in/code/again")
    code = code_in(await house.newest_mail("ada@example.com"))
    entered = await ada.post("/sign-in/code/enter", code=code)

    assert [answer.status_code for answer in refused] == [429, 429]
    assert (again.status_code, entered.headers["location"]) == (303, "/account")


async def use_up(house: House, key: str, count: int) -> None:
    await house.execute(
        "INSERT INTO limit_windows (key, count, ends_at) VALUES (:key, :count, :ends_at)",
        key=key,
        count=count,
        ends_at=house.clock.wall() + timedelta(minutes=5),
    )


async def test_s12_one_network_uses_up_its_own_tries_and_nobody_elses(house: House) -> None:
    """What is held back already counts no further: one machine alone locks nobody out."""
    await settled(house)
    used_up = {"sign_in_network:203.0.113.9": 60, "password_reset_network:203.0.113.9": 20}
    for key, count in used_up.items():
        await use_up(house, key, count)
    flood = house.browser("203.0.113.9")

    refused = [
        await flood.sign_in("ada@example.com", WRONG),
        await flood.post("/password/reset", email="ada@example.com"),
    ]

    assert [answer.status_code for answer in refused] == [429, 429]
    counted = {row.key.partition(":")[0]: row.count for row in await house.rows(LimitWindow)}
    assert counted == {"sign_in_network": 61, "password_reset_network": 21}
