from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
import stripe
from playwright.async_api import Browser, async_playwright

from stripe_simulator.server import Running, running_simulator
from tests.engines.browser import ARGUMENTS, find_chromium
from tests.stripe_simulator.pages.shop import Shop

NOON = 1_796_040_000  # 30 November 2026, 12:00 UTC


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running_simulator(now=NOON) as running:
        yield running


@pytest.fixture
def shop(simulator: Running) -> Shop:
    return Shop(
        stripe.StripeClient("sk_test_pages", base_addresses={"api": simulator.url}), simulator.url
    )


@pytest.fixture
def http(simulator: Running) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=simulator.url) as client:
        yield client


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS)
        )
        yield browser
        await browser.close()
