"""In with Google and with a passkey, as a person sees it."""

from collections.abc import Iterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import NewWindow
from tests.engines.axe import serious_problems
from tests.engines.provider import StandIn, running_provider
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

    await comes_from_google(page)
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
    await comes_from_google(page)
    await page.goto("/account/passkeys")

    await expect(page.get_by_text("Your browser has to run scripts")).to_be_visible()


def home(site: Site) -> str:
    return site.url.replace("127.0.0.1", "localhost")


async def gets_a_phone(window: BrowserContext, page: Page) -> None:
    """Chromium's own: it verifies its user, and holds what is made with it."""
    devices = await window.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


async def comes_from_google(page: Page) -> None:
    await page.goto("/sign-in?next=/account/security/connections")
    await page.get_by_role("button", name="Continue with Google").click()
    await page.get_by_role("link", name="Allow").click()
    await expect(page.get_by_role("heading", name="Connections")).to_be_visible()
