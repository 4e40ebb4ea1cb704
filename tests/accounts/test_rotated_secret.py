"""Another ADMIT_SECRET_KEY: whatever was handed out for long still works (SECURITY S39)."""

import pytest
from jinja2 import Environment

from tests.accounts.house import House, open_house
from tests.accounts.mailed import path_in
from tests.accounts.second_step import enter, next_step, protected
from tests.accounts.settled import half_in

OLD, NEW = "the secret key of last year and long", "the secret key of this year and long"
ADA = "ada@example.com"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s39_apps_recovery_codes_and_unsubscribe_links_outlive_the_secret_they_were_made_with(
    database_url: str, templates: Environment
) -> None:
    async with open_house(database_url, templates, admit_secret_key=OLD) as house:
        ada = await protected(house)
        await ada.browser.post(
            "/account/profile", first_name="Ada", last_name="L", newsletter="yes"
        )
        leave = path_in(await house.newest_mail(ADA), "/newsletter/unsubscribe/")
        code, recovery_code = next_step(ada), ada.codes[1]

    rotated = {"admit_secret_key": NEW, "admit_former_secret_keys": OLD}
    async with open_house(database_url, templates, **rotated) as house:
        by_app = await enters(house, code=code)
        by_recovery = await enters(house, recovery_code=recovery_code)
        again = await enters(house, recovery_code=recovery_code)
        left = await house.browser().post(leave)

    assert [by_app, by_recovery, again] == [303, 303, 422]
    assert left.status_code == 200


async def enters(house: House, **fields: str) -> int:
    browser = house.browser()
    await half_in(house, ADA, browser)
    return (await enter(browser, **fields)).status_code
