"""People with a second factor: pyotp plays the app on their phone."""

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pyotp

from admit.core.mail.service import OpenedMail
from tests.accounts.house import ORIGIN, Browser, House
from tests.accounts.settled import half_in, settled, with_second_factor

SIGN_IN_LINK = re.compile(rf"{re.escape(ORIGIN)}(/sign-in/link/\S+)")
SECRET = re.compile(r'id="secret">([A-Z2-7 ]+)<')
RECOVERY = re.compile(r"<li><code>([a-z0-9-]+)</code></li>")


@dataclass
class Protected:
    """Somebody whose account asks for a second factor, signed in at `browser`."""

    browser: Browser
    app: pyotp.TOTP
    codes: list[str]
    email: str

    @property
    def house(self) -> House:
        return self.browser.house

    def code(self, *, seconds: int = 0) -> str:
        """What the app shows `seconds` from now."""
        return self.app.at(self.house.clock.wall() + timedelta(seconds=seconds))

    async def passes_password(self, browser: Browser | None = None) -> Browser:
        """At the second step, in a browser that nobody knows unless one is given."""
        browser = browser or self.house.browser()
        await half_in(self.house, self.email, browser)
        return browser


async def protected(house: House, email: str = "ada@example.com") -> Protected:
    browser = await settled(house, email)
    phone, codes = await with_second_factor(house, email)
    return Protected(browser, phone, codes, email)


async def protects_the_account(browser: Browser, email: str) -> Protected:
    """The way that the pages lead: app, code, recovery codes, one of them typed back."""
    app = await scan(browser)
    shown = await browser.post("/account/security/two-factor", code=now_of(browser, app))
    codes = codes_on(shown)
    await browser.post("/account/security/recovery-codes/confirmation", recovery_code=codes[0])
    return Protected(browser, app, codes, email)


async def scan(browser: Browser) -> pyotp.TOTP:
    await browser.post("/account/security/two-factor/app")
    page = await browser.get("/account/security/two-factor")
    found = SECRET.search(page.text)
    assert found is not None
    return pyotp.TOTP(found[1].replace(" ", ""))


def now_of(browser: Browser, app: pyotp.TOTP) -> str:
    return app.at(browser.house.clock.wall())


def codes_on(answer: httpx2.Response) -> list[str]:
    return RECOVERY.findall(answer.text)


async def enter(browser: Browser, **fields: str) -> httpx2.Response:
    return await browser.post("/sign-in/2fa", **fields)


def sign_in_link_in(mail: OpenedMail) -> str:
    found = SIGN_IN_LINK.search(mail.text)
    assert found is not None
    return found[1]


def next_step(who: Protected) -> str:
    """A code that was not used: setting up used up the one of that moment."""
    return who.code(seconds=30)
