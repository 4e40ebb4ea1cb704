"""What a page with a passkey's button does, step by step."""

from typing import Any

import httpx2

from tests.accounts.house import Browser
from tests.accounts.passkeys.authenticator import Authenticator

PAGE = "/account/passkeys"


async def asked(browser: Browser, path: str) -> dict[str, Any]:
    answer = await browser.http.post(f"{path}/options", headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def adds(browser: Browser, name: str = "My phone") -> Authenticator:
    phone = Authenticator()
    answer = await browser.post(PAGE, credential=phone.make(await asked(browser, PAGE)), name=name)
    assert answer.status_code == 303, answer.text
    return phone


async def signs_in(browser: Browser, phone: Authenticator, **fields: str) -> httpx2.Response:
    credential = phone.use(await asked(browser, "/sign-in/passkey"))
    return await browser.post("/sign-in/passkey", credential=credential, **fields)
