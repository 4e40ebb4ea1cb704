"""What every template keeps to, so that the strict content security policy holds."""

import re
from pathlib import Path

import pytest

import admit

PACKAGE = Path(admit.__file__).parent
TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*")
    if path.suffix in {".html", ".txt"} and "static" not in path.parts
)
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.parts]


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(PACKAGE))) for path in paths]


@pytest.mark.parametrize("template", named(TEMPLATES))
def test_a_template_opens_with_what_it_needs(template: Path) -> None:
    assert template.read_text("utf-8").startswith("{#-")


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_needs_no_unsafe_policy(page: Path) -> None:
    source = page.read_text("utf-8")

    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+|hx-on[^=]*)=", source) == []
    assert re.findall(r"javascript:|\bjs:|hx-vals|<style", source) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", source) if "nonce=" not in tag] == []


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_marks_nothing_as_safe_but_our_own_icons(page: Path) -> None:
    unescaped = re.findall(r"\|\s*safe|autoescape", page.read_text("utf-8"))

    assert unescaped == (["| safe"] if page.name == "icons.html" else [])


@pytest.mark.parametrize("page", named(PAGES))
def test_an_unsafe_step_is_never_behind_a_link(page: Path) -> None:
    targets = re.findall(r'<a [^>]*href="([^"{]+)', page.read_text("utf-8"))

    assert {"/sign-out", "/checkout", "/account/billing/resume"}.isdisjoint(targets)


@pytest.mark.parametrize(
    "mail", named([path for path in TEMPLATES if "mail" in path.parent.parts[-1:]])
)
def test_a_mail_is_written_as_page_and_as_text(mail: Path) -> None:
    if mail.name in {"layout.html", "parts.html"}:
        return

    assert mail.with_suffix(".txt").exists()
    assert mail.with_suffix(".html").exists()
