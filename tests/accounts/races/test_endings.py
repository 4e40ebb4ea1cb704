"""What ends an account's sessions ends what is under way at that very moment, too."""

import asyncio

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.leaving.service import deactivate
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.password.reset import open_reset, set_new_password
from admit.accounts.repository import Users
from admit.accounts.sessions.models import Session
from admit.accounts.sessions.service import Browser
from tests.accounts.house import ORIGIN, House, code_in
from tests.accounts.settled import HERE, settled

NEW = "otters rowing past the mill"
LONG_ENOUGH = 0.5
"""Seconds in which a sign-in comes as far as it can."""


def letters_of(house: House) -> Letters:
    return Letters(house.parts.templates, house.parts.vault, "Admit", ORIGIN)


async def test_s07_s30_a_sign_in_beside_a_reset_or_a_closing_leaves_nothing(
    house: House,
) -> None:
    ada = await settled(house)
    (user,) = await house.rows(User)
    now, letters = house.clock.wall(), letters_of(house)
    new_hash = await house.passwords.hash(NEW)
    async with house.database.write() as db:
        token = await open_reset(db, await Users(db).fresh(user.id), now=now)

    async with house.database.write() as db:
        await set_new_password(
            db, letters, token, password_hash=new_hash, browser=Browser(HERE), now=now
        )
        with_old_password = asyncio.create_task(house.browser().sign_in())
        await asyncio.sleep(LONG_ENOUGH)
    after_reset = (await with_old_password).status_code, await house.rows(Session)

    by_mail = house.browser()
    await by_mail.post("/sign-in/code", email="ada@example.com")
    code = code_in(await house.newest_mail("ada@example.com"))
    async with house.database.write() as db:
        await deactivate(db, letters, await Users(db).fresh(user.id), caller=HERE, now=now)
        with_code = asyncio.create_task(by_mail.post("/sign-in/code/enter", code=code))
        await asyncio.sleep(LONG_ENOUGH)
    after_closing = (await with_code).headers.get("location"), await house.rows(Session)

    await house.execute("UPDATE users SET is_active = TRUE")
    await ada.sign_in(password=NEW)
    async with house.database.write() as db:
        await deactivate(db, letters, await Users(db).fresh(user.id), caller=HERE, now=now)
        wanted = {"name": "left behind", "scopes": "account:read"}
        with_session = asyncio.create_task(ada.post("/account/api-keys", **wanted))
        await asyncio.sleep(LONG_ENOUGH)
    await with_session

    assert after_reset == (422, [])
    assert after_closing == ("/sign-in/code", [])
    assert await house.rows(ApiKey) == []
