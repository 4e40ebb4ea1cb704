"""Who somebody is: a picture cut with the keyboard on a phone, and all of it without script."""

import io
from pathlib import Path

import httpx2
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.road import PASSWORD, Visitor
from tests.engines.site import Site


async def test_a_person_cuts_a_picture_on_a_phone_and_sees_it_everywhere(
    new_window: NewWindow, site: Site, tmp_path: Path
) -> None:
    """S0-10, S58: the square that was chosen is what is kept; axe finds nothing on the way.

    S59: the log of the running product, as it is configured, names no password and no cookie.
    """
    window = await new_window(width=390, height=844, color_scheme="dark")
    ada = Visitor(await window.new_page(), "ada@example.com")
    await comes_in(ada)
    await ada.goes("/account/profile")
    await ada.arrives("Your profile")
    await expect(ada.page.get_by_label("Zoom")).to_be_hidden()

    await ada.page.get_by_label("New picture").set_input_files(half_and_half(tmp_path))
    canvas = ada.page.get_by_role("img", name="The part that is kept")
    for _ in range(20):
        await canvas.press("ArrowLeft")
    await ada.presses("Use this picture")

    await expect(ada.page.get_by_text("That is your picture now.")).to_be_visible()
    shown = ada.page.locator("img.avatar").first
    await expect(shown).to_be_visible()
    assert await colours(site, await shown.get_attribute("src")) == {"red"}
    for path, heading in (
        ("/account/devices", "Your devices"),
        ("/account/history", "Security history"),
    ):
        await ada.page.locator(".settings__summary").click()
        await ada.page.locator(f".settings__menu a[href='{path}']").click()
        await ada.arrives(heading)
        assert await sideways(ada.page) == 0
    secrets = {PASSWORD, *[cookie.get("value", "") for cookie in await window.cookies()]}
    assert {each for each in secrets if each in site.output} == set()


async def test_a_person_without_script_changes_all_the_same(
    new_window: NewWindow, site: Site, tmp_path: Path
) -> None:
    window = await new_window(java_script_enabled=False)
    eve = Visitor(await window.new_page(), "eve@example.com", looks=False)
    await comes_in(eve)
    await eve.goes("/account/profile")

    await eve.page.get_by_label("New picture").set_input_files(half_and_half(tmp_path))
    await eve.presses("Use this picture")
    picture = await eve.page.locator("img.avatar").first.get_attribute("src")
    await eve.page.get_by_label("Display name").fill("Eve of St Agnes")
    await eve.page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await eve.page.get_by_label("Handle").fill("admin")
    await eve.presses("Save")
    await expect(eve.page).to_have_title("Error: Your profile · Admit")
    await eve.page.get_by_label("Handle").fill("eve")
    await eve.presses("Save")

    await expect(eve.page.get_by_text("Your profile is saved.")).to_be_visible()
    await expect(eve.page.get_by_label("Display name")).to_have_value("Eve of St Agnes")
    await expect(eve.page.get_by_text("JST")).to_be_visible()
    assert await colours(site, picture) == {"red", "blue"}


async def comes_in(visitor: Visitor) -> None:
    await visitor.signs_up_for("Pro")
    await visitor.confirms(await visitor.reads_the_code())
    await visitor.arrives("You chose Pro")


def half_and_half(directory: Path) -> Path:
    """Wide, and as heavy as a photograph: red to the left, blue to the right."""
    image = Image.new("RGB", (1600, 400), "red")
    image.paste("blue", (800, 0, 1600, 400))
    image.save(directory / "wide.bmp.png", compress_level=0)
    return directory / "wide.bmp.png"


async def colours(site: Site, path: str | None) -> set[str]:
    async with httpx2.AsyncClient(base_url=site.url) as http:
        answer = await http.get(path or "")
    with Image.open(io.BytesIO(answer.content)) as image:
        pixels = [image.convert("RGB").getpixel((across, 256)) for across in range(8, 512, 16)]
    return {"red" if isinstance(each, tuple) and each[0] > each[2] else "blue" for each in pixels}


async def sideways(page: Page) -> int:
    """Pixels that the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
