"""Sixteen uses of one code at the same moment: one of them counts (SECURITY S14, S20)."""

from datetime import timedelta

import pytest

from admit.accounts.mfa.models import RecoveryCode, TotpApp
from admit.accounts.sessions.models import Session
from admit.accounts.sign_in.models import MailedCode
from tests.accounts.house import Browser, House, another, code_in
from tests.accounts.races.barrier import PARALLEL, at_once
from tests.accounts.second_step import (
    Protected,
    codes_on,
    enter,
    next_step,
    now_of,
    protected,
    scan,
    sign_in_link_in,
)
from tests.accounts.settled import settled

ADA = "ada@example.com"
SECURITY = "/account/security"


async def same_browser(browser: Browser) -> list[Browser]:
    """As many connections of one browser as there are uses, from as many addresses."""
    several = [browser.house.browser(f"203.0.113.{number}") for number in range(PARALLEL)]
    for each in several:
        for name, value in browser.cookies.items():
            each.http.cookies.set(name, value, domain="127.0.0.1")
    return several


async def entered(browsers: list[Browser]) -> int:
    return sum([await browser.whoami() is not None for browser in browsers])


async def test_s14_a_mailed_code_and_its_link_let_in_once(house: House) -> None:
    await settled(house)
    asking = house.browser()
    await asking.post("/sign-in/code", email=ADA)
    mail = await house.newest_mail(ADA)
    code, link = code_in(mail), sign_in_link_in(mail)
    browsers = await same_browser(asking)

    async def use(number: int) -> int:
        browser = browsers[number]
        if number % 2:
            return (await browser.post(link)).status_code
        return (await browser.post("/sign-in/code/enter", code=code)).status_code

    statuses = await at_once(use)

    assert await entered(browsers) == 1
    assert [status for status in statuses if status >= 500] == []
    assert len(await house.rows(Session)) == 2


async def test_s14_a_code_of_the_app_lets_in_once_whichever_sign_in_brings_it(
    house: House,
) -> None:
    ada = await protected(house)
    code = next_step(ada)
    browsers = await paused_at_many_places(ada)

    statuses = await at_once(lambda number: status_of(browsers[number], code=code))

    assert await entered(browsers) == 1
    assert (statuses.count(303), [status for status in statuses if status >= 500]) == (1, [])
    assert sorted(row.amr for row in await house.rows(Session)) == ["code", "password totp"]


async def test_s14_a_recovery_code_lets_in_once_whichever_sign_in_brings_it(
    house: House,
) -> None:
    ada = await protected(house)
    browsers = await paused_at_many_places(ada)

    statuses = await at_once(lambda number: status_of(browsers[number], recovery_code=ada.codes[0]))

    assert await entered(browsers) == 1
    assert (statuses.count(303), [status for status in statuses if status >= 500]) == (1, [])


async def test_s14_one_paused_sign_in_lets_in_once_whatever_codes_are_brought(
    house: House,
) -> None:
    ada = await protected(house)
    browsers = await same_browser(await ada.passes_password())

    await at_once(lambda number: status_of(browsers[number], recovery_code=ada.codes[number % 4]))

    assert await entered(browsers) == 1
    assert len(await house.rows(Session)) == 2


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_s20_a_burst_of_wrong_codes_is_counted_whole_and_five_are_looked_at(
    house: House,
) -> None:
    await settled(house)
    asking = house.browser()
    await asking.post("/sign-in/code", email=ADA)
    code = code_in(await house.newest_mail(ADA))
    browsers = [*await same_browser(asking), *await same_browser(asking)] * 3 + (
        await same_browser(asking)
    )[:4]

    await at_once(
        lambda number: status_at(browsers[number], "/sign-in/code/enter", another(code)), times=100
    )

    (row,) = await house.rows(MailedCode)
    assert row.tries == 100
    assert (await asking.post("/sign-in/code/enter", code=code)).status_code == 422
    assert await asking.whoami() is None


async def test_s14_of_sixteen_clicks_one_sends_another_mail(house: House) -> None:
    await settled(house)
    asking = house.browser()
    await asking.post("/sign-in/code", email=ADA)
    house.clock.move(timedelta(seconds=61))
    browsers = await same_browser(asking)
    mails = len(await house.mails(ADA))

    statuses = await at_once(lambda number: status_at(browsers[number], "/sign-in/code/again"))

    assert statuses.count(303) == 1
    assert len(await house.mails(ADA)) == mails + 1


async def test_setting_up_in_many_tabs_at_once_leaves_one_app_and_one_set_of_codes(
    house: House,
) -> None:
    tabs = await same_browser(await settled(house))

    begun = await at_once(lambda number: status_at(tabs[number], f"{SECURITY}/two-factor/app"))
    app = await scan(tabs[0])
    code = now_of(tabs[0], app)
    confirmed = await at_once(
        lambda number: status_at(tabs[number], f"{SECURITY}/two-factor", code)
    )
    made = await at_once(lambda number: status_at(tabs[number], f"{SECURITY}/recovery-codes"))

    assert (set(begun), set(made)) == ({303}, {200})
    assert (confirmed.count(200), confirmed.count(422)) == (1, 15)
    assert (len(await house.rows(TotpApp)), len(await house.rows(RecoveryCode))) == (1, 10)


async def test_typing_a_new_recovery_code_back_in_many_tabs_keeps_the_set(house: House) -> None:
    ada = await protected(house)
    tabs = await same_browser(ada.browser)
    codes = codes_on(await ada.browser.post(f"{SECURITY}/recovery-codes"))
    path = f"{SECURITY}/recovery-codes/confirmation"

    statuses = await at_once(
        lambda number: status_at(tabs[number], path, recovery_code=codes[number % 10])
    )

    assert sorted(statuses) == [303] + [422] * (PARALLEL - 1)
    assert len(await house.rows(RecoveryCode)) == 10


async def paused_at_many_places(ada: Protected) -> list[Browser]:
    """Signed in half, each in a browser and at an address of its own."""
    return [
        await ada.passes_password(ada.house.browser(f"203.0.113.{number}"))
        for number in range(PARALLEL)
    ]


async def status_of(browser: Browser, **fields: str) -> int:
    return (await enter(browser, **fields)).status_code


async def status_at(browser: Browser, path: str, code: str = "", **fields: str) -> int:
    return (await browser.post(path, code=code, **fields)).status_code
