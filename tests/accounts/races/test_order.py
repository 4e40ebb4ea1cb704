"""Who comes in and who ends all that is open take turns; neither waits for the other for ever."""

from collections.abc import Mapping, Sequence

import pytest

from admit.accounts.passkeys.models import Passkey
from tests.accounts.house import Browser, House, code_in
from tests.accounts.mailed import path_in
from tests.accounts.passkeys.steps import PAGE, adds, asked
from tests.accounts.races.barrier import at_once
from tests.accounts.settled import half_in, settled, with_second_factor

ADA = "ada@example.com"
pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
"""Which locks rows one by one; SQLite has one writer."""

Ask = tuple[Browser, str, Mapping[str, str]]


async def all_of(asks: Sequence[Ask]) -> list[int]:
    async def ask(number: int) -> int:
        browser, path, fields = asks[number]
        return (await browser.post(path, **fields)).status_code

    return await at_once(ask, times=len(asks))


async def resets(house: House, times: int) -> list[Ask]:
    asks: list[Ask] = []
    for number in range(times):
        browser = house.browser(f"203.0.113.{100 + number}")
        await browser.post("/password/reset", email=ADA)
        link = path_in(await house.newest_mail(ADA), "/password/new/")
        asks.append((browser, link, {"password": f"otters rowing past the mill {number}"}))
    return asks


async def test_s14_codes_second_steps_and_resets_of_one_account_at_once(house: House) -> None:
    await settled(house)
    codes: list[Ask] = []
    for number in range(8):
        browser = house.browser(f"203.0.113.{number}")
        await browser.post("/sign-in/code", email=ADA)
        typed = {"code": code_in(await house.newest_mail(ADA))}
        codes.append((browser, "/sign-in/code/enter", typed))
    by_mail = await all_of([*codes, *await resets(house, 3)])

    await house.execute("DELETE FROM limit_windows")
    _, recovery = await with_second_factor(house, ADA)
    halves: list[Ask] = []
    for number in range(6):
        browser = house.browser(f"203.0.113.{number}")
        await half_in(house, ADA, browser)
        halves.append((browser, "/sign-in/2fa", {"recovery_code": recovery[number]}))
    by_code = await all_of([*halves, *await resets(house, 3)])

    assert [status for status in (*by_mail, *by_code) if status >= 500] == []


async def test_s14_a_passkey_is_used_in_many_places_while_it_is_removed(house: House) -> None:
    ada = await settled(house)
    phone = await adds(ada)
    (passkey,) = await house.rows(Passkey)
    asks: list[Ask] = []
    for number in range(6):
        browser = house.browser(f"203.0.113.{number}")
        credential = phone.use(await asked(browser, "/sign-in/passkey"))
        asks.append((browser, "/sign-in/passkey", {"credential": credential}))
    asks.insert(3, (ada, f"{PAGE}/{passkey.id}/remove", {}))

    statuses = await all_of(asks)

    assert (set(statuses) <= {303, 422}, await house.rows(Passkey)) == (True, [])
