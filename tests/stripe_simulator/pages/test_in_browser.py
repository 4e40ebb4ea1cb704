"""The pages in Chromium: another site follows, nothing is complained about, nobody is kept out."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from stripe_simulator.server import Running
from tests.contracts.loopback import Answer, Handler, LoopbackServer, answering
from tests.engines.axe import serious_problems
from tests.stripe_simulator.pages.shop import DECLINED, ENTRY, Shop

pytestmark = pytest.mark.browser


@pytest.fixture
def seller() -> Iterator[str]:
    """The seller's own site, on another origin than the payment page."""

    def answer(_request: Handler, _body: bytes) -> Answer:
        return 200, [("Content-Type", "text/html")], b"<h1>Thank you</h1>"

    server = LoopbackServer(answering(answer))
    server.start()
    yield server.url.replace("127.0.0.1", "localhost")
    server.close()


@asynccontextmanager
async def window(browser: Browser, url: str, **options: object) -> AsyncIterator[Page]:
    """A page; what it says in its console, apart from refusals we asked for, fails the test."""
    complaints: list[str] = []
    context = await browser.new_context(
        base_url=url,
        **options,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    await context.close()
    assert [words for words in complaints if "Failed to load resource" not in words] == []


async def type_card(page: Page, number: str) -> None:
    await page.get_by_label("Email").fill(ENTRY["email"])
    await page.get_by_label("Card number").fill(number)
    await page.get_by_label("Month").fill(ENTRY["exp_month"])
    await page.get_by_label("Year").fill(ENTRY["exp_year"])
    await page.get_by_label("Security code").fill(ENTRY["cvc"])
    await page.get_by_label("Name on the card").fill(ENTRY["name"])


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_buyer_is_declined_tries_again_and_comes_back_to_the_seller(
    browser: Browser, simulator: Running, shop: Shop, seller: str, scripts: bool
) -> None:
    opened = shop.opens(return_url=f"{seller}/return?session_id={{CHECKOUT_SESSION_ID}}")
    async with window(browser, simulator.url, java_script_enabled=scripts) as page:
        await page.goto(opened.path)
        await type_card(page, DECLINED)
        await page.get_by_role("button", name="Subscribe").click()

        await expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
        if scripts:
            await expect(page.get_by_role("alert")).to_be_focused()
        await page.get_by_role("link", name="Your card was declined.").click()
        await expect(page.get_by_label("Card number")).to_be_focused()

        await page.get_by_label("Card number").fill(ENTRY["number"])
        await page.get_by_label("Security code").fill(ENTRY["cvc"])
        await page.get_by_label("Security code").press("Enter")
        await expect(page.get_by_role("heading")).to_have_text("Thank you")
        assert page.url == f"{seller}/return?session_id={opened.id}"


async def test_a_test_card_is_one_click_away(
    browser: Browser, simulator: Running, shop: Shop, seller: str
) -> None:
    opened = shop.opens(email="ada@example.test", return_url=f"{seller}/return")
    async with window(browser, simulator.url, java_script_enabled=False) as page:
        await page.goto(opened.path)
        await page.get_by_role("button", name="Succeeds Visa").click()
        await expect(page.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")

        await page.get_by_role("button", name="Subscribe").click()

        await expect(page.get_by_role("heading")).to_have_text("Thank you")


@pytest.mark.parametrize(("color_scheme", "width"), [("light", 1280), ("dark", 390)])
async def test_nobody_is_kept_out(
    browser: Browser, simulator: Running, shop: Shop, color_scheme: str, width: int
) -> None:
    async with window(browser, simulator.url, color_scheme=color_scheme) as page:
        for path in every_kind_of_page(simulator, shop):
            await page.goto(path)
            for narrow in (320, width):
                await page.set_viewport_size({"width": narrow, "height": 844})
                wide = await page.evaluate("document.documentElement.scrollWidth")
                assert wide == narrow, path
            assert await serious_problems(page) == {}, path


async def test_an_error_is_readable_in_the_dark(
    browser: Browser, simulator: Running, shop: Shop
) -> None:
    async with window(browser, simulator.url, color_scheme="dark") as page:
        await page.goto(shop.opens().path)
        await page.get_by_role("button", name="Subscribe").click()

        await expect(page).to_have_title("Error: Subscribe to Pro · Simulator")
        await expect(page.get_by_role("alert")).to_be_focused()
        assert await serious_problems(page) == {}


def every_kind_of_page(simulator: Running, shop: Shop) -> list[str]:
    paid, expired, trial = shop.opens(), shop.opens(), shop.opens(trial_days=14)
    shop.expire(expired)
    assert httpx2.post(f"{simulator.url}{paid.path}", data=ENTRY).status_code == 303
    assert httpx2.post(f"{simulator.url}{trial.path}", data=ENTRY).status_code == 303
    paid_page, receipt, open_page = invoices(shop)
    return [
        *portal_pages(shop),
        *("/", "/_control", shop.opens(trial_days=14).path, expired.path),
        *("/c/pay/cs_test_nobody", paid.path, paid_page, receipt, open_page),
    ]


def portal_pages(shop: Shop) -> list[str]:
    """The overview of somebody who has paid, and every form that there may be."""
    customer = str(shop.api.v1.invoices.list({"status": "paid"}).data[0].customer)
    subscription = shop.api.v1.subscriptions.list({"customer": customer}).data[0]
    price = subscription.items.data[0].price
    coupon = shop.api.v1.coupons.create({"percent_off": 20, "duration": "forever"}).id
    shop.api.v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "DE123456789"})
    session = shop.api.v1.billing_portal.sessions.create(
        {
            "customer": customer,
            "configuration": everything_allowed(shop, str(price.product), price.id),
            "flow_data": {
                "type": "subscription_cancel",
                "subscription_cancel": {
                    "subscription": subscription.id,
                    "retention": {"type": "coupon_offer", "coupon_offer": {"coupon": coupon}},
                },
            },
        }
    )
    path = urlsplit(session.url).path
    forms = [f"{path}/cards/add", f"{path}/details"]
    one = f"{path}/subscriptions/{subscription.id}"
    return [path, *forms, *(f"{one}/{step}" for step in ("pause", "update", "confirm"))]


def everything_allowed(shop: Shop, product: str, price: str) -> str:
    features: Any = {
        "customer_update": {
            "enabled": True,
            "allowed_updates": ["name", "email", "phone", "address", "shipping", "tax_id"],
        },
        "payment_method_update": {"enabled": True},
        "subscription_cancel": {"enabled": True},
        "subscription_pause": {
            "enabled": True,
            "duration": {
                "type": "interval_options",
                "interval_options": [{"interval": "month"}, {"interval": "year"}],
            },
        },
        "subscription_update": {
            "enabled": True,
            "default_allowed_updates": ["price", "promotion_code"],
            "products": [
                {
                    "product": product,
                    "prices": [price],
                    "adjustable_quantity": {"enabled": True},
                }
            ],
        },
    }
    return shop.api.v1.billing_portal.configurations.create({"features": features}).id


def invoices(shop: Shop) -> tuple[str, str, str]:
    """The page of a paid invoice, its receipt, and the page of one that is open."""
    paid = shop.api.v1.invoices.list({"status": "paid"}).data[-1]
    charge = shop.api.v1.charges.list({"limit": 1}).data[0]
    waiting = shop.waiting_invoice()
    addresses = (paid.hosted_invoice_url, charge.receipt_url, waiting.hosted_invoice_url)
    first, second, third = (urlsplit(str(address)).path for address in addresses)
    return first, second, third
