"""Every way into an account, each split in what goes before and the use itself.

`WAYS` names the route that each one ends at. What `prepare` returns is used later, when the account
or the network has changed: everything that the use needs was handed out before.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import httpx2

from tests.accounts.house import PASSWORD, Browser, House, code_in
from tests.accounts.oauth.travel import allow, connects, set_out
from tests.accounts.passkeys.steps import adds, asked
from tests.accounts.second_step import sign_in_link_in
from tests.accounts.tokens.program import AUTH
from tests.engines.provider import Someone, StandIn

IN, TO_CONFIRM, SECOND_STEP, OUT = "in", "to confirm", "second step", "out"
Use = Callable[[str], Awaitable[str]]
"""From which network address; answers with one of the four above."""


@dataclass(frozen=True)
class Person:
    """Somebody who can come in by every way."""

    house: House
    browser: Browser
    email: str
    provider: StandIn


class Way(NamedTuple):
    name: str
    prepare: Callable[[Person], Awaitable[Use]]
    counts_as_two: bool = False
    confirms: bool = False
    """Shows that the mailbox is theirs, or belongs to somebody who has shown it."""
    goes_on: bool = False
    """Nobody signs in: what was opened before goes on."""


async def where(browser: Browser) -> str:
    if await browser.whoami() is None:
        paused = (await browser.get("/sign-in/2fa")).status_code == 200
        return SECOND_STEP if paused else OUT
    return IN if (await browser.get("/for-verified")).status_code == 200 else TO_CONFIRM


def moved(browser: Browser, ip: str) -> Browser:
    """The same browser, elsewhere."""
    there = browser.house.browser(ip)
    for name, value in browser.cookies.items():
        there.http.cookies.set(name, value, domain="127.0.0.1")
    return there


async def by_password(person: Person) -> Use:
    async def use(ip: str) -> str:
        browser = person.house.browser(ip)
        await browser.sign_in(person.email)
        return await where(browser)

    return use


async def by_code(person: Person) -> Use:
    asking = person.house.browser()
    await asking.post("/sign-in/code", email=person.email)
    code = code_in(await person.house.newest_mail(person.email))

    async def use(ip: str) -> str:
        browser = moved(asking, ip)
        await browser.post("/sign-in/code/enter", code=code)
        return await where(browser)

    return use


async def by_link(person: Person) -> Use:
    await person.house.browser().post("/sign-in/code", email=person.email)
    link = sign_in_link_in(await person.house.newest_mail(person.email))

    async def use(ip: str) -> str:
        browser = person.house.browser(ip)
        await browser.post(link)
        return await where(browser)

    return use


async def by_google(person: Person) -> Use:
    return await _by_provider(person, "google")


async def by_github(person: Person) -> Use:
    return await _by_provider(person, "github")


async def _by_provider(person: Person, name: str) -> Use:
    number = sum(person.email.encode())
    person.provider.someone = Someone(number=number, email=person.email)
    await connects(person.browser, name)
    setting_out = person.house.browser()
    back = await allow(await set_out(setting_out, name))

    async def use(ip: str) -> str:
        browser = moved(setting_out, ip)
        await browser.get(back)
        return await where(browser)

    return use


async def by_passkey(person: Person) -> Use:
    phone = await adds(person.browser)
    asking = person.house.browser()
    credential = phone.use(await asked(asking, "/sign-in/passkey"))

    async def use(ip: str) -> str:
        browser = moved(asking, ip)
        await browser.post("/sign-in/passkey", credential=credential)
        return await where(browser)

    return use


async def by_api_password(person: Person) -> Use:
    async def use(ip: str) -> str:
        said = {"email": person.email, "password": PASSWORD, "refresh_token_in": "body"}
        return await _where_program(person, ip, await _post(person, ip, "sign-in", said))

    return use


async def by_api_code(person: Person) -> Use:
    asked_for = await _post(person, HERE, "sign-in/code", {"email": person.email})
    code = code_in(await person.house.newest_mail(person.email))
    said = {"code_token": asked_for.json()["code_token"], "code": code, "refresh_token_in": "body"}

    async def use(ip: str) -> str:
        answer = await _post(person, ip, "sign-in/code/entry", said)
        return await _where_program(person, ip, answer)

    return use


async def by_refresh(person: Person) -> Use:
    said = {"email": person.email, "password": PASSWORD, "refresh_token_in": "body"}
    opened = await _post(person, HERE, "sign-in", said)
    token = opened.json()["refresh_token"]

    async def use(ip: str) -> str:
        answer = await _post(person, ip, "refresh", {"refresh_token": token})
        return await _where_program(person, ip, answer)

    return use


async def by_api_key(person: Person) -> Use:
    form = {"name": "A key", "scopes": ["access:read", "account:read"], "days": "90"}
    page = await person.browser.http.post("/account/api-keys", data=form)
    key = "adm_" + page.text.partition('id="new-key">adm_')[2].partition("<")[0]

    async def use(ip: str) -> str:
        http = _http(person, ip)
        shown = {"authorization": f"Bearer {key}"}
        answers = [await http.get(path, headers=shown) for path in (f"{AUTH}/me",)]
        return IN if {answer.status_code for answer in answers} == {200} else OUT

    return use


HERE = "198.51.100.5"


def _http(person: Person, ip: str) -> httpx2.AsyncClient:
    http = person.house.browser(ip).http
    del http.headers["origin"]
    return http


async def _post(person: Person, ip: str, name: str, said: Mapping[str, object]) -> httpx2.Response:
    return await _http(person, ip).post(f"{AUTH}/{name}", json=said)


async def _where_program(person: Person, ip: str, answer: httpx2.Response) -> str:
    if answer.status_code != 200:
        return OUT
    if "access_token" not in answer.json():
        return SECOND_STEP
    shown = {"authorization": f"Bearer {answer.json()['access_token']}"}
    guarded = await _http(person, ip).get(f"{AUTH}/api-keys", headers=shown)
    return {200: IN, 403: TO_CONFIRM}.get(guarded.status_code, OUT)


WAYS: Mapping[str, Way] = {
    "POST /sign-in": Way("password", by_password),
    "POST /sign-in/code/enter": Way("mailed code", by_code, confirms=True),
    "POST /sign-in/link/{token}": Way("mailed link", by_link, confirms=True),
    "GET /sign-in/with/{provider}/callback": Way("Google", by_google),
    "GET /sign-in/with/{provider}/callback#github": Way("GitHub", by_github),
    "POST /sign-in/passkey": Way("passkey", by_passkey, counts_as_two=True),
    "POST /api/v1/auth/sign-in": Way("password of a program", by_api_password),
    "POST /api/v1/auth/sign-in/code/entry": Way("code of a program", by_api_code, confirms=True),
    "POST /api/v1/auth/refresh": Way("refresh token", by_refresh, goes_on=True),
    "GET /api/v1/auth/me": Way("API key", by_api_key, goes_on=True),
}

OTHER_ARRIVALS: Mapping[str, str] = {
    "POST /sign-in/2fa": "the second step itself; tests/accounts/mfa/test_second_factor.py",
    "POST /sign-in/2fa/passkey": "the second step itself; tests/accounts/passkeys",
    "POST /api/v1/auth/sign-in/second-factor": "the second step itself; tests/accounts/tokens",
    "POST /verify": "confirms an address, before which nobody can have a second step",
    "POST /verify/{token}": "confirms an address, before which nobody can have a second step",
    "POST /api/v1/auth/confirmation": "confirms an address, as /verify does",
    "POST /setup/{token}": "makes the first account of all",
}
