"""From the price list to a gated page, and until access ends, as a person sees it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewWindow
from tests.browser.road import DECLINED_CARD, GOOD_CARD, Visitor
from tests.engines.site import Site

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_a_visitor_signs_up_pays_is_let_in_and_leaves(
    new_window: NewWindow, site: Site, *, script: bool
) -> None:
    window = await new_window(java_script_enabled=script)
    # axe is a script itself.
    ada = Visitor(await window.new_page(), f"ada.{script}@example.com".lower(), looks=script)

    await ada.signs_up_for("Pro")
    await ada.confirms(await ada.reads_the_code())
    await ada.arrives("You chose Pro")
    assert await ada.opens_premium() == 403
    await ada.arrives(re.compile("Premium"))

    await ada.goes("/pricing?plan=pro-monthly")
    await ada.presses("Continue to payment")
    assert ada.page.url.startswith(site.simulator_url)
    await ada.pays(DECLINED_CARD)
    await expect(ada.page.get_by_text("declined").first).to_be_visible()
    assert await ada.page.get_by_label("Name on the card").input_value() == "Ada Lovelace"

    await ada.pays(GOOD_CARD)
    await ada.arrives("You are in")
    assert ada.page.url.startswith(site.url)
    await ada.page.get_by_role("link", name="Continue").click()
    assert await ada.opens_premium() == 200

    await ada.goes("/account")
    await ada.arrives("Hello, Ada")
    await expect(ada.page.get_by_text("Active", exact=True)).to_be_visible()
    assert await ada.page.get_by_text("€12.00").count() == 2  # the next charge, and the first one

    await ada.moves_time("32 days")
    await ada.goes("/account")
    assert await ada.page.get_by_text("Paid", exact=True).count() == 2

    await ada.goes("/account/billing/cancel")
    await ada.arrives("Cancel Pro?")
    await ada.presses("Cancel Pro")
    await ada.arrives("Billing")
    await expect(ada.page.get_by_text("Ends soon")).to_be_visible()
    assert await ada.opens_premium() == 200

    await ada.moves_time("32 days")
    assert await ada.opens_premium() == 403
    await ada.goes("/account")
    await ada.arrives("Hello, Ada")
    await expect(ada.page.get_by_text("Free", exact=True).first).to_be_visible()
