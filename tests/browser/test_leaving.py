"""Choosing passwords, another address, and leaving; the way back is gone without scripts."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import NewWindow
from tests.browser.road import PASSWORD, Visitor

OLD, NEW = "lena@example.com", "lena@lovelace.example"
NEW_PASSWORD = "otters rowing past the mill"


async def opens_mail(visitor: Visitor, subject: str, to: str) -> None:
    """Follows the link in the newest mail of that subject."""
    await visitor.goes("/dev/mailbox")
    row = visitor.page.get_by_role("link").filter(has_text=subject).filter(has_text=to).first
    await row.click()
    link = visitor.page.locator("main").get_by_role("link", name=re.compile(r"^http")).first
    await visitor.goes(str(await link.get_attribute("href")))


async def signs_up_watching_the_meter(ada: Visitor) -> None:
    await ada.goes("/sign-up")
    for label, typed in (("First name", "Ada"), ("Last name", "Lovelace")):
        await ada.page.get_by_label(label).fill(typed)
    await ada.page.get_by_label("E-mail address").fill(OLD)
    password, meter = ada.page.get_by_label("Password", exact=True), ada.page.locator(".strength")
    await password.press_sequentially("lovelace")
    await expect(meter).to_contain_text("7 more characters to go")
    await password.press_sequentially("lovelace")
    await expect(meter).to_contain_text("Your name, your address and ours")
    await password.fill(PASSWORD)
    await expect(meter).to_contain_text("Very good.")
    await ada.arrives("Create your account")
    await ada.presses("Create account")
    await ada.confirms(await ada.reads_the_code())
    await expect(ada.page.get_by_text("Your address is confirmed.")).to_be_visible()


async def changes_the_address(ada: Visitor) -> None:
    await ada.goes("/account/email")
    await ada.page.get_by_label("New e-mail address").fill(NEW)
    await ada.presses("Change address")
    await expect(ada.page.get_by_text("Waiting for your new address")).to_be_visible()
    await ada.arrives("Your e-mail address")
    await opens_mail(ada, "Confirm your new address", NEW)
    await ada.arrives("Use this address")
    await ada.presses("Yes, use this address")
    await expect(ada.page.get_by_text("This is your address from now on.")).to_be_visible()


async def takes_everything_and_leaves(ada: Visitor) -> None:
    await ada.goes("/account/data")
    await ada.arrives("Your data")
    for _ in range(2):
        async with ada.page.expect_download() as download:
            await ada.presses("Download JSON")
        held = json.loads(Path(await (await download.value).path()).read_text())["held"]
        assert held["account"]["rows"][0]["email"] == NEW
    await ada.page.get_by_role("link", name="Delete my account…").click()
    await ada.presses("Delete my account")
    await expect(ada.page).to_have_title(re.compile("^Error: Delete your account"))
    await ada.arrives("Delete your account")
    await ada.page.get_by_label("I am sure: delete my account").check()
    await ada.presses("Delete my account")
    await expect(ada.page.get_by_text("Your account is closed, and is erased on")).to_be_visible()


async def test_a_person_watches_the_meter_changes_the_address_leaves_and_is_back(
    new_window: NewWindow,
) -> None:
    ada = Visitor(await (await new_window()).new_page(), OLD)
    await signs_up_watching_the_meter(ada)
    await changes_the_address(ada)
    await takes_everything_and_leaves(ada)

    plain = Visitor(
        await (await new_window(width=390, java_script_enabled=False)).new_page(), NEW, looks=False
    )
    await opens_mail(plain, "will be deleted", NEW)
    await plain.arrives("Open your account again")
    await plain.presses("Open my account again")
    await plain.page.get_by_role("link", name="Forgot your password?").click()
    await plain.arrives("Forgot your password?")
    await plain.page.get_by_label("E-mail address").fill(NEW)
    await plain.presses("Mail me a link")
    await plain.arrives("Check your mail")
    await opens_mail(plain, "Set a new password", NEW)
    await plain.arrives("Choose a new password")
    await plain.page.get_by_label("New password").fill("passwordpassword")
    await plain.presses("Set the new password")
    await expect(plain.page.get_by_role("alert")).to_contain_text("This is easy to guess")
    await plain.page.get_by_label("New password").fill(NEW_PASSWORD)
    await plain.presses("Set the new password")
    await plain.arrives("Sign in")
    await plain.page.get_by_label("E-mail address").fill(NEW)
    await plain.page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    await plain.presses("Sign in")
    await expect(plain.page).to_have_url(re.compile("/account$"))
