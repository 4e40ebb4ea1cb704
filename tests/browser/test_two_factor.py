"""Signing in with a password or a mailed code, and then the code of an app; pyotp is the app."""

import re
import time

import pyotp
from playwright.async_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.road import PASSWORD, Visitor

EMAIL = "ada@example.com"
SECURITY = "/account/security"


async def signs_up(ada: Visitor) -> None:
    await ada.goes("/sign-up")
    for label, typed in (
        ("First name", "Ada"),
        ("Last name", "Lovelace"),
        ("E-mail address", EMAIL),
    ):
        await ada.page.get_by_label(label).fill(typed)
    await ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await ada.presses("Create account")
    await ada.confirms(await ada.reads_the_code())
    await expect(ada.page.get_by_text("Your address is confirmed.")).to_be_visible()


async def scans(page: Page) -> pyotp.TOTP:
    """The address in the drawing is read by the phone; here the secret beside it is typed."""
    secret = await page.locator("#secret").inner_text()
    return pyotp.TOTP(secret.replace(" ", ""))


async def signs_in(ada: Visitor) -> None:
    await ada.goes("/sign-in?next=%2Faccount%2Fsecurity")
    await ada.page.get_by_label("E-mail address").fill(EMAIL)
    await ada.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await ada.presses("Sign in")
    await ada.arrives("One more step")


async def comes_by_mail(ada: Visitor) -> None:
    await ada.goes("/sign-in?next=%2Faccount%2Fsecurity")
    await ada.arrives("Sign in")
    await ada.page.get_by_role("link", name="Mail me a code instead").click()
    await ada.arrives("Sign in by mail")
    await ada.page.get_by_label("E-mail address").fill(EMAIL)
    await ada.presses("Send me a code")
    await ada.arrives("Check your mail")
    await ada.page.get_by_label("Six-digit code").fill(await ada.reads_the_code("Sign in to"))
    await ada.presses("Sign in")
    await ada.arrives("One more step")


async def test_a_person_protects_the_account_and_comes_in_by_password_or_mail_and_app(
    new_window: NewWindow,
) -> None:
    ada = Visitor(await (await new_window()).new_page(), EMAIL)
    await signs_up(ada)

    await ada.goes(SECURITY)
    await ada.arrives("Security")
    await ada.page.get_by_role("link", name=re.compile("Set up Two-factor")).click()
    await ada.arrives("Two-factor sign-in")
    await ada.presses("Set up an app")
    await expect(ada.page.get_by_role("img", name="QR code for your app")).to_be_visible()
    app = await scans(ada.page)
    await ada.arrives("Two-factor sign-in")
    await ada.page.get_by_label("Code that your app shows now").fill(app.now())
    await ada.presses("Go on")
    await ada.arrives("Your recovery codes")
    codes = await ada.page.locator(".recovery-codes code").all_inner_texts()
    await ada.page.get_by_label("One of the codes").fill(codes[4])
    await ada.presses("I have kept them")
    await expect(ada.page.get_by_text("Two-factor sign-in is on.")).to_be_visible()

    plain = Visitor(
        await (await new_window(width=390, java_script_enabled=False)).new_page(),
        EMAIL,
        looks=False,
    )
    await signs_in(plain)
    await plain.page.get_by_label("Six-digit code").fill(app.at(time.time() + 30))
    await plain.presses("Sign in")
    await plain.arrives("Security")

    phone = Visitor(await (await new_window(width=390, color_scheme="dark")).new_page(), EMAIL)
    await comes_by_mail(phone)
    await expect(phone.page.get_by_label("Six-digit code")).to_have_attribute(
        "autocomplete", "one-time-code"
    )
    await phone.page.get_by_text("Use a recovery code").click()
    await phone.page.get_by_label("Recovery code", exact=True).fill("never-was-one0")
    await phone.presses("Sign in with it")
    await expect(phone.page.locator("[data-error-summary]")).to_be_focused()
    await phone.page.get_by_label("Recovery code", exact=True).fill(codes[0])
    await phone.presses("Sign in with it")
    await phone.arrives("Security")
    await expect(phone.page.get_by_text("9 recovery codes left")).to_be_visible()
