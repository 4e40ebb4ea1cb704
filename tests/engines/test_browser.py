"""A machine without a browser: the tests say loudly what they did not run, or refuse."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.engines.browser import MISSING
from tests.shape.files import ROOT


def test_a_missing_browser_is_told_loudly_at_the_end() -> None:
    run = browser_tests(CHROMIUM="no-browser-of-this-name", REQUIRE_BROWSER="")

    assert run.returncode == 0, run.stdout
    assert "! NOT RUN !" in run.stdout
    assert f"browser tests were not run: {MISSING}." in run.stdout


def test_a_missing_browser_is_a_failure_where_one_is_required() -> None:
    run = browser_tests(CHROMIUM="no-browser-of-this-name", REQUIRE_BROWSER="1")

    assert run.returncode == 1, run.stdout
    assert MISSING in run.stdout


def browser_tests(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browser", "-p", "no:cacheprovider", "-x"],
        cwd=ROOT,
        env=without_the_outer_run(os.environ) | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def without_the_outer_run(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
