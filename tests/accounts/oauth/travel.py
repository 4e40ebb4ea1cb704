"""To a provider and back, as a browser goes."""

from urllib.parse import parse_qs, urlsplit

import httpx2

from admit.accounts.models import User
from admit.accounts.oauth.wire import trust
from tests.accounts.house import ORIGIN, Browser, House


async def set_out(browser: Browser, name: str = "google", **fields: str) -> str:
    """The address at the provider that the button leads to."""
    answer = await browser.post(f"/sign-in/with/{name}", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def allow(at_provider: str) -> str:
    """What the provider sends the browser back to: a path of ours."""
    async with httpx2.AsyncClient(verify=trust(), trust_env=False) as http:
        answer = await http.get(at_provider)
    assert answer.status_code == 303
    return answer.headers["location"].removeprefix(ORIGIN)


async def comes_from(browser: Browser, name: str = "google", **fields: str) -> httpx2.Response:
    """The whole way."""
    return await browser.get(await allow(await set_out(browser, name, **fields)))


async def connects(browser: Browser, name: str = "google") -> httpx2.Response:
    begun = await browser.post(f"/account/security/connections/{name}")
    assert begun.status_code == 303, begun.text
    return await browser.get(await allow(begun.headers["location"]))


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def emails(house: House) -> list[str]:
    return sorted(user.email for user in await house.rows(User))
