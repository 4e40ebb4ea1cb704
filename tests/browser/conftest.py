"""A real browser in front of the whole product. Every test here needs a Chromium."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.engines.browser import ARGUMENTS, find_chromium
from tests.engines.site import Site, running_site

NewWindow = Callable[..., Awaitable[BrowserContext]]

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def new_window(browser: Browser, site: Site) -> AsyncIterator[NewWindow]:
    """Opens a window that shares no cookie with another: `await new_window(width=390)`.

    Also `java_script_enabled=False`, `color_scheme="dark"` and whatever else Playwright knows of
    a context. What a page complains about in its console fails the test.
    """
    complaints: list[str] = []

    async with AsyncExitStack() as windows:

        async def open_window(
            *, width: int = 1280, height: int = 900, **options: object
        ) -> BrowserContext:
            options = {"base_url": site.url, "reduced_motion": "reduce", **options}
            window = await browser.new_context(
                viewport={"width": width, "height": height},
                **options,  # type: ignore[arg-type]
            )
            windows.push_async_callback(window.close)
            window.on("console", lambda message: note(message, complaints))
            window.on("weberror", lambda failure: complaints.append(str(failure.error)))
            return window

        yield open_window

    assert complaints == []


@pytest.fixture
async def page(new_window: NewWindow) -> Page:
    window = await new_window()
    return await window.new_page()


def note(message: ConsoleMessage, complaints: list[str]) -> None:
    """A refusal (a 422, a 403) is an answer that tests ask for; anything else is a complaint."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(f"{message.location.get('url')}: {message.text}")
