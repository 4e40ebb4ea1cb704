"""axe-core asks an open page what would keep people out."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

SERIOUS = {"serious", "critical"}


async def serious_problems(page: Page) -> dict[str, list[str]]:
    """Rule -> the elements that break it, for the rules that axe calls serious or critical."""
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(SCRIPT.read_text())
    result: dict[str, Any] = await page.evaluate("axe.run()")
    return {
        f"{rule['id']}: {rule['help']}": [node["html"] for node in rule["nodes"]]
        for rule in result["violations"]
        if rule["impact"] in SERIOUS
    }
