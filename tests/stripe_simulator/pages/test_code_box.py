"""The promotion code box in a browser, with and without scripts."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from stripe_simulator.server import Running
from tests.engines.axe import serious_problems
from tests.stripe_simulator.pages.shop import CANCEL, Shop
from tests.stripe_simulator.pages.test_in_browser import window

pytestmark = pytest.mark.browser


def sells_with_codes(shop: Shop) -> str:
    coupon = shop.api.v1.coupons.create(
        {"percent_off": 25, "duration": "forever", "name": "Spring"}
    )
    shop.api.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING"}
    )
    product = shop.api.v1.products.create({"name": "Pro"})
    price = shop.api.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 1200,
            "recurring": {"interval": "month"},
        }
    )
    session = shop.api.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": CANCEL,
            "line_items": [{"price": price.id, "quantity": 1}],
            "allow_promotion_codes": True,
        }
    )
    return urlsplit(str(session.url)).path


@pytest.mark.parametrize(("color_scheme", "width"), [("light", 1280), ("dark", 320)])
async def test_somebody_uses_a_code_and_takes_it_off_again(
    browser: Browser, simulator: Running, shop: Shop, color_scheme: str, width: int
) -> None:
    path = sells_with_codes(shop)
    async with window(browser, simulator.url, color_scheme=color_scheme) as page:
        await page.set_viewport_size({"width": width, "height": 844})
        await page.goto(path)
        await page.get_by_label("Promotion code").fill("nothing")
        await page.get_by_role("button", name="Apply").click()
        await expect(page.get_by_role("alert")).to_contain_text("This code is not valid.")
        assert await serious_problems(page) == {}

        await page.get_by_label("Promotion code").fill("spring")
        await page.get_by_label("Promotion code").press("Enter")
        await expect(page.get_by_text("Spring, for ever")).to_be_visible()
        await expect(page.locator(".total-today")).to_contain_text("€ 9.00")
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await serious_problems(page) == {}

        await page.get_by_role("button", name="Remove code").click()
        await expect(page.locator(".total-today")).to_contain_text("€ 12.00")
