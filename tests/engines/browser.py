"""The Chromium of this machine: Playwright drives it, nothing is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

MISSING = "no Chromium found: install chromium, or set CHROMIUM to the path of one"


def find_chromium() -> str | None:
    """The path of the browser: `CHROMIUM` when it is set, else the first one on the PATH."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def browser_is_required() -> bool:
    return os.environ.get("REQUIRE_BROWSER", "") not in ("", "0")
