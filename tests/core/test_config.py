"""A setting that cannot work is refused at start, by its name, and without showing a secret."""

import pytest

from admit.core.config import SettingsError, load_settings

PRODUCTION: dict[str, object] = {
    "admit_env": "production",
    "admit_secret_key": "a-secret-of-more-than-thirty-two-characters",
    "admit_public_url": "https://shop.example",
    "stripe_secret_key": "sk_live_of_the_shop",
    "stripe_webhook_secret": "whsec_of_the_shop",
    "smtp_url": "smtp://mail.example",
}
FORBIDDEN = [
    ("admit_secret_key", ""),
    ("admit_secret_key", "short"),
    ("admit_secret_key", "development-only-secret-key-never-use-in-production"),
    ("admit_public_url", ""),
    ("admit_public_url", "http://shop.example"),
    ("stripe_secret_key", ""),
    ("stripe_secret_key", "sk_test_simulator"),
    ("stripe_webhook_secret", ""),
    ("stripe_webhook_secret", "whsec_real,whsec_simulator_development_only"),
    ("smtp_url", ""),
    ("test_crash_at", "commit:before:1"),
]


def test_production_starts_with_everything_set() -> None:
    assert load_settings(**PRODUCTION).public_url == "https://shop.example"


def test_production_that_asks_for_its_events_needs_no_secret_to_believe_them() -> None:
    polls = {**PRODUCTION, "stripe_webhook_secret": "", "stripe_events": "poll"}

    assert load_settings(**polls).webhook_secrets == ()


@pytest.mark.parametrize(("name", "value"), FORBIDDEN)
def test_production_refuses_each_default_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(**{**PRODUCTION, name: value})

    assert [problem.partition(":")[0] for problem in refused.value.problems] == [name.upper()]


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_public_address_is_kept_as_browsers_write_it(given: str, origin: str) -> None:
    """Else no form of the site would be its own."""
    assert load_settings(admit_public_url=given).public_url == origin


@pytest.mark.parametrize(
    "given",
    ["shop.example", "ftp://shop.example", "https://", "https://shop.example/app", "https://a:b"],
)
def test_a_public_address_that_cannot_work_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"^ADMIT_PUBLIC_URL: "):
        load_settings(admit_public_url=given)


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        (
            "postgresql://host/name?sslmode=require",
            "postgresql+psycopg://host/name?sslmode=require",
        ),
        ("sqlite:///relative.db", "sqlite+aiosqlite:///relative.db"),
    ],
)
def test_a_database_is_named_as_hosts_name_it(given: str, full: str) -> None:
    assert load_settings(database_url=given).async_database_url == full


@pytest.mark.parametrize(
    "given",
    [
        "nonsense-with-a-secret",
        "mysql://u:secret@host/name",
        "postgresql+asyncpg://u:secret@host/name",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_database_that_admit_cannot_use_is_refused_without_showing_it(given: str) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: ") as refused:
        load_settings(database_url=given)

    assert "secret" not in str(refused.value)
