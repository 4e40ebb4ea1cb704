"""Money, times and addresses as pages show them, and what a template may count on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, UndefinedError

from admit.core.http.templates import (
    AssetsNotBuiltError,
    build_environment,
    hashed_names,
    static_url,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Person:
    features: frozenset[str] = field(default_factory=frozenset)


def shown(source: str, environment: Environment | None = None, **context: object) -> str:
    environment = environment or build_environment(now=lambda: NOON)
    return environment.from_string(source).render(**context)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1200, "eur", "€12.00"),
        (1205, "usd", "$12.05"),
        (1234567, "gbp", "£12,345.67"),
        (0, "eur", "€0.00"),
        (-1200, "eur", "-€12.00"),
        (500, "jpy", "¥500"),
        (1200, "UGX", "UGX1,200"),
        (1234567, "kwd", "KWD1,234.567"),
        (1200, "isk", "ISK12.00"),
    ],
)
def test_a_reader_sees_money_with_the_decimals_that_stripe_means(
    amount: int, currency: str, text: str
) -> None:
    seen = shown("{{ amount | money(currency) }}", amount=amount, currency=currency)

    assert seen.replace("\xa0", "") == text


def test_a_reader_sees_short_prices_without_empty_decimals() -> None:
    assert shown('{{ 1200 | money("eur", short=true) }}') == "€12"
    assert shown('{{ 1250 | money("eur", short=true) }}') == "€12.50"


def test_a_german_reader_sees_german_money_and_dates() -> None:
    german = build_environment(now=lambda: NOON, locale="de", timezone=ZoneInfo("Europe/Berlin"))

    assert shown('{{ 123450 | money("eur") }}', german) == "1.234,50\xa0€"
    assert shown("{{ moment | date_text }}", german, moment=NOON) == "1. März 2026"
    assert shown("{{ moment | datetime_text }}", german, moment=NOON) == "1. März 2026, 13:00 CET"


def test_a_reader_sees_times_that_machines_read_too() -> None:
    assert shown("{{ moment | date }}", moment=NOON) == (
        '<time datetime="2026-03-01T12:00:00Z">March 1, 2026</time>'
    )
    assert shown("{{ moment | datetime }}", moment=NOON) == (
        '<time datetime="2026-03-01T12:00:00Z">Mar 1, 2026, 12:00 UTC</time>'
    )
    assert shown("{{ moment | relative }}", moment=NOON + timedelta(days=3)) == (
        '<time datetime="2026-03-04T12:00:00Z" title="Mar 4, 2026, 12:00 UTC">in 3 days</time>'
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        shown("{{ moment | date }}", moment=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (Person(frozenset({"premium"})), "come in"),
        (Person(frozenset({"exports"})), "closed"),
        (None, "closed"),
    ],
)
def test_a_template_asks_whether_a_person_is_entitled(person: Person | None, text: str) -> None:
    source = '{{ "come in" if person is entitled_to("premium") else "closed" }}'

    assert shown(source, person=person) == text


def test_a_forgotten_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="plan_name"):
        shown("{{ plan_name }}")


def test_what_people_type_is_escaped_in_pages_and_left_alone_in_text_mails(
    mail_context: Callable[[str], dict[str, object]],
) -> None:
    environment = build_environment(now=lambda: NOON)

    page = environment.get_template("accounts/mail/verify.html").render(mail_context("<b>Ada</b>"))
    text = environment.get_template("accounts/mail/verify.txt").render(mail_context("Ada & Co"))

    assert "Hello &lt;b&gt;Ada&lt;/b&gt;, is this you?" in page
    assert text.startswith("Hello Ada & Co,\n\nyour code is 482913\n")


@pytest.fixture
def mail_context() -> Callable[[str], dict[str, object]]:
    def context(first_name: str) -> dict[str, object]:
        return {
            "first_name": first_name,
            "code": "482913",
            "link": "http://127.0.0.1:8000/verify/token",
            "minutes": 30,
            "site_url": "http://127.0.0.1:8000",
        }

    return context


def test_an_asset_is_found_under_its_hashed_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"app.css": "app-1A2B3C4D.css"}')
    environment = build_environment(now=lambda: NOON, static_root=tmp_path)

    assert shown('{{ static("app.css") }}', environment) == "/static/app-1A2B3C4D.css"
    assert hashed_names(tmp_path) == {"app-1A2B3C4D.css"}


def test_a_rebuilt_asset_is_seen_at_once_while_developing(tmp_path: Path) -> None:
    environment = build_environment(now=lambda: NOON, static_root=tmp_path, reload=True)
    (tmp_path / "manifest.json").write_text('{"app.css": "app-1A2B3C4D.css"}')
    before = shown('{{ static("app.css") }}', environment)

    (tmp_path / "manifest.json").write_text('{"app.css": "app-5E6F7A8B.css"}')

    assert before == "/static/app-1A2B3C4D.css"
    assert shown('{{ static("app.css") }}', environment) == "/static/app-5E6F7A8B.css"


def test_a_developer_without_built_assets_is_told_the_command(tmp_path: Path) -> None:
    with pytest.raises(AssetsNotBuiltError, match="npm ci && npm run build"):
        static_url("app.css", static_root=tmp_path)


def test_a_developer_who_misspells_an_asset_is_told_its_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")

    with pytest.raises(AssetsNotBuiltError, match=r"does not list 'ap\.css'"):
        static_url("ap.css", static_root=tmp_path)
