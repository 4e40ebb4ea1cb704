"""In with Google and with a passkey, as a person sees it."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.road import Visitor
from tests.engines.axe import serious_problems
from tests.engines.provider import Someone, StandIn, running_provider
from tests.engines.site import Site, free_ports, running_site

pytestmark = pytest.mark.anyio

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with running_provider() as stand_in:
        stand_in.asks_first = True
        yield stand_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, provider: StandIn) -> Iterator[Site]:
    """Under a name: browsers make passkeys for no address."""
    ports = free_ports()
    registered = {name.upper(): value for name, value in provider.settings.items()}
    settings = {**registered, "ADMIT_PUBLIC_URL": f"http://localhost:{ports[0]}"}
    directory = tmp_path_factory.mktemp("site")
    with running_site(directory, settings=settings, ports=ports) as site:
        yield site


async def test_a_newcomer_comes_from_google_and_from_then_on_uses_a_passkey(
    new_window: NewWindow, site: Site
) -> None:
    window = await new_window(base_url=home(site))
    page = await window.new_page()
    await gets_a_phone(window, page)

    await comes_from(page, "Google")
    await page.goto("/account/passkeys")
    assert await serious_problems(page) == {}
    await page.get_by_label("Name").fill("My phone")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("Your passkey is ready.")).to_be_visible()
    await expect(page.get_by_text("My phone").first).to_be_visible()
    await page.get_by_role("link", name="Connections").click()
    await expect(page.get_by_text("ada@example.com · since")).to_be_visible()
    assert await serious_problems(page) == {}

    # The phone of this test answers as soon as the page offers it beside the address.
    await window.clear_cookies()
    await page.goto("/sign-in?next=/account/passkeys")
    await page.wait_for_url("**/account/passkeys")
    await expect(page.get_by_text("last used")).to_be_visible()

    await page.get_by_role("button", name="Remove My phone").click()
    await expect(page.get_by_text("You have none yet.")).to_be_visible()


async def test_a_passkey_opens_by_its_button_and_says_when_there_is_none(
    new_window: NewWindow, site: Site
) -> None:
    window = await new_window(base_url=home(site))
    page = await window.new_page()
    await page.goto("/sign-in")
    await gets_a_phone(window, page)

    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_text("No passkey was chosen.")).to_be_visible()
    assert await serious_problems(page) == {}


async def test_google_needs_no_script_and_passkeys_hide_without_one(
    new_window: NewWindow, site: Site
) -> None:
    window = await new_window(base_url=home(site), java_script_enabled=False)
    page = await window.new_page()

    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    await comes_from(page, "Google")
    await page.goto("/account/passkeys")

    await expect(page.get_by_text("Your browser has to run scripts")).to_be_visible()


async def test_github_and_mails_need_no_script_on_a_phone(
    new_window: NewWindow, site: Site, provider: StandIn
) -> None:
    provider.someone = Someone(number=12, email="bea@example.com")
    window = await new_window(base_url=home(site), width=390, java_script_enabled=False)
    page = await window.new_page()
    bea = Visitor(page, "bea@example.com", looks=False)
    await comes_from(page, "GitHub")

    await window.clear_cookies()
    await asks_for_a_mail(bea)
    await page.get_by_label("Six-digit code").fill(await bea.reads_the_code("Sign in to"))
    await bea.presses("Sign in")
    await bea.arrives("Connections")

    await window.clear_cookies()
    await asks_for_a_mail(bea)
    await page.goto(await newest_link(window))
    await expect(page.get_by_text("You are about to sign in as")).to_be_visible()
    await bea.presses("Sign in")
    await bea.arrives("Connections")


async def test_a_passkey_is_the_second_step_after_a_link(
    new_window: NewWindow, site: Site, provider: StandIn
) -> None:
    provider.someone = Someone(number=13, email="cleo@example.com")
    window = await new_window(base_url=home(site), width=390, color_scheme="dark")
    page = await window.new_page()
    cleo = Visitor(page, "cleo@example.com")
    await gets_a_phone(window, page)
    await comes_from(page, "Google")
    await page.goto("/account/passkeys")
    await cleo.presses("Add a passkey")
    await expect(page.get_by_text("Your passkey is ready.")).to_be_visible()
    await page.goto("/account/security/two-factor")
    await cleo.presses("Use my passkeys as second step")
    code = await page.locator(".recovery-codes code").first.inner_text()
    await page.get_by_label("One of the codes").fill(code)
    await cleo.presses("I have kept them")
    await expect(page.get_by_text("Two-factor sign-in is on.")).to_be_visible()

    await window.clear_cookies()
    await asks_for_a_mail(cleo)
    await page.goto(await newest_link(window))
    await cleo.presses("Sign in")
    await cleo.arrives("One more step")
    await cleo.presses("Use a passkey")
    await cleo.arrives("Connections")


async def asks_for_a_mail(visitor: Visitor) -> None:
    await visitor.goes("/sign-in/code?next=/account/security/connections")
    await visitor.page.get_by_label("E-mail address").fill(visitor.email)
    await visitor.presses("Send me a code")
    await expect(visitor.page.get_by_role("heading", name="Check your mail")).to_be_visible()


async def newest_link(window: BrowserContext) -> str:
    mailbox = await window.new_page()
    await mailbox.goto("/dev/mailbox")
    await mailbox.get_by_role("link").filter(has_text="Sign in to").first.click()
    found = re.search(r"/sign-in/link/\S+", await mailbox.inner_text("main"))
    await mailbox.close()
    assert found is not None
    return found[0]


def home(site: Site) -> str:
    return site.url.replace("127.0.0.1", "localhost")


async def gets_a_phone(window: BrowserContext, page: Page) -> None:
    """Chromium's own: it verifies its user, and holds what is made with it."""
    devices = await window.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


async def comes_from(page: Page, provider: str) -> None:
    await page.goto("/sign-in?next=/account/security/connections")
    await page.get_by_role("button", name=f"Continue with {provider}").click()
    await page.get_by_role("link", name="Allow").click()
    await expect(page.get_by_role("heading", name="Connections")).to_be_visible()
