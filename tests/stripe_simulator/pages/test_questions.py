"""The payment page with everything that it can ask for, in a browser: with and without scripts."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from stripe_simulator.server import Running
from tests.engines.axe import serious_problems
from tests.stripe_simulator.checkout.test_collecting import ANSWERS, EVERYTHING
from tests.stripe_simulator.pages.shop import Shop
from tests.stripe_simulator.pages.test_in_browser import window

pytestmark = pytest.mark.browser

CHOICES = ("shipping_country", "billing_country", "tax_id_type", "custom_size")


def asks_for_everything(shop: Shop) -> str:
    product = shop.api.v1.products.create({"name": "Pro"})
    price: Any = {
        "product": product.id,
        "currency": "eur",
        "unit_amount": 1200,
        "recurring": {"interval": "month"},
    }
    asked: Any = {
        "mode": "subscription",
        "success_url": f"{shop.url}/?paid",
        "line_items": [
            {
                "price": shop.api.v1.prices.create(price).id,
                "quantity": 2,
                "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 5},
            }
        ],
        "allow_promotion_codes": True,
        **EVERYTHING,
    }
    return urlsplit(str(shop.api.v1.checkout.sessions.create(asked).url)).path


async def answers_everything(page: Page) -> None:
    for name, value in ANSWERS.items():
        if name in CHOICES:
            await page.locator(f"#{name}").select_option(value)
        elif name == "terms":
            await page.get_by_label("I accept the terms").check()
        else:
            await page.locator(f"#{name}").fill(value)


@pytest.mark.parametrize("look", [(True, "light", 1280), (False, "dark", 390)])
async def test_a_buyer_changes_the_quantity_is_told_what_lacks_and_buys(
    browser: Browser, simulator: Running, shop: Shop, look: tuple[bool, str, int]
) -> None:
    scripts, color_scheme, width = look
    path = asks_for_everything(shop)
    options = {"java_script_enabled": scripts, "color_scheme": color_scheme}
    async with window(browser, simulator.url, **options) as page:
        await page.set_viewport_size({"width": width, "height": 844})
        await page.goto(path)
        await page.get_by_label("Quantity of Pro").fill("3")
        await page.get_by_role("button", name="Update").click()
        await expect(page.locator(".total-today")).to_contain_text("€ 36.00")
        await expect(page.get_by_role("link", name="terms")).to_have_attribute(
            "href", "https://shop.example/terms"
        )

        await page.get_by_role("button", name="Subscribe").click()
        await expect(page.get_by_role("alert")).to_contain_text("Agree to the terms of service")
        if scripts:
            assert await serious_problems(page) == {}
            for narrow in (320, width):
                await page.set_viewport_size({"width": narrow, "height": 844})
                assert await page.evaluate("document.documentElement.scrollWidth") == narrow
        await page.get_by_role("link", name="Choose the country").first.click()
        await expect(page.locator("#shipping_country")).to_be_focused()

        await answers_everything(page)
        await page.get_by_role("button", name="Subscribe").click()
        await page.wait_for_url("**/?paid")

    (done,) = shop.api.v1.checkout.sessions.list({"status": "complete"}).data
    assert (done.amount_total, done.consent.terms_of_service) == (3600, "accepted")  # type: ignore[union-attr]
