"""Every setting, read once from the environment (or a `.env` file).

A setting's environment variable is its name in capitals. Without any of them Admit runs on a
laptop; in production it refuses to start on a default that only suits a laptop.
"""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEVELOPMENT_SECRET_KEY = "development-only-secret-key-never-use-in-production"  # noqa: S105
SIMULATOR_SECRET_KEY = "sk_test_simulator"  # noqa: S105
SIMULATOR_WEBHOOK_SECRET = "whsec_simulator_development_only"  # noqa: S105
DEFAULT_PORTS = {"http": 80, "https": 443}
DRIVERS = ("sqlite+aiosqlite", "postgresql+psycopg")
GOOGLE = "https://accounts.google.com"
GITHUB = "https://github.com"
GITHUB_API = "https://api.github.com"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
STRIPE_API = "https://api.stripe.com"
STRIPE_CHECKOUT = "https://checkout.stripe.com"


class SettingsError(Exception):
    """The environment does not hold what Admit needs; each line names a variable and its mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    admit_env: Literal["development", "production"] = "development"
    admit_secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET_KEY)
    admit_former_secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    admit_data_dir: Path = Path("var")
    admit_site_name: str = "Admit"
    admit_public_url: str = ""
    admit_catalog_file: Path | None = None
    admit_host: str = "127.0.0.1"
    port: int = 8000

    database_url: SecretStr = SecretStr("")
    database_pool_size: Annotated[int, Field(ge=1)] = 10
    database_busy_seconds: Annotated[float, Field(gt=0)] = 5.0

    stripe_secret_key: SecretStr = SecretStr("")
    stripe_webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    stripe_events: Literal["webhook", "poll"] = "webhook"
    stripe_poll_seconds: Annotated[int, Field(ge=2, le=3600)] = 10
    stripe_api_base: str = ""
    stripe_tax: Literal["off", "on"] = "off"
    stripe_calls_per_second: Annotated[int, Field(ge=0)] = 0
    stripe_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    stripe_simulator_port: int = 12111
    stripe_simulator_url: str = ""

    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "Admit <hello@localhost>"

    access_leeway_days: Annotated[int, Field(ge=0)] = 3
    access_grace_days: Annotated[int, Field(ge=0)] = 7
    access_ends_on_dispute: Literal["opened", "lost"] = "lost"

    session_idle_minutes: Annotated[int, Field(ge=5)] = 20160
    session_absolute_days: Annotated[int, Field(ge=1, le=30)] = 30
    password_min_length: Annotated[int, Field(ge=8)] = 15
    password_hash_memory_kib: Annotated[int, Field(ge=19456)] = 65536
    password_breach_url: str = ""
    trusted_proxy_hops: Annotated[int, Field(ge=0)] = 0
    banned_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    cors_allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    gated_origins: Annotated[tuple[str, ...], NoDecode] = ()

    google_client_id: str = ""
    google_client_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    google_issuer: str = GOOGLE
    github_client_id: str = ""
    github_client_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    github_url: str = GITHUB
    github_api_url: str = GITHUB_API

    worker_in_process: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    test_crash_at: str = ""

    @field_validator("stripe_webhook_secret", "admit_former_secret_keys", mode="before")
    @classmethod
    def several_secrets(cls, value: object) -> object:
        """Two secrets overlap while one is rolled: they are given separated by commas."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("banned_networks", mode="before")
    @classmethod
    def several_networks(cls, value: object) -> object:
        """`203.0.113.9, 2001:db8::/32`: an address alone is a network of one."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_allowed_origins", "gated_origins", mode="before")
    @classmethod
    def several_origins(cls, value: object) -> object:
        """Each letter by letter as a browser sends it: neither a wildcard nor `null`."""
        if not isinstance(value, str):
            return value
        given = tuple(part.strip() for part in value.split(",") if part.strip())
        for origin in given:
            if "*" in origin or cls.an_origin(origin) != origin:
                raise ValueError("write each as https://host, separated by commas")
        return given

    @field_validator("admit_public_url")
    @classmethod
    def an_origin(cls, value: str) -> str:
        """As browsers write it in `Origin`: lower case, no port that goes without saying."""
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
            raise ValueError("write it as https://host, or http://host:port")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("Admit needs a host of its own: leave out what follows it")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        shown = parts.port not in {None, DEFAULT_PORTS[parts.scheme]}
        return f"{parts.scheme}://{host}:{parts.port}" if shown else f"{parts.scheme}://{host}"

    @field_validator("database_url")
    @classmethod
    def a_known_database(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value()
        if given and not _is_served(given):
            raise ValueError("write it as postgresql://user:password@host/name or sqlite:///file")
        return value

    @field_validator("google_client_secret", "github_client_secret")
    @classmethod
    def a_pair(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        """A provider gives both when Admit is registered there; one alone opens nothing."""
        which = str(info.field_name).replace("_secret", "_id")
        if bool(info.data.get(which)) != bool(value.get_secret_value()):
            raise ValueError(f"set it together with {which.upper()}, or neither")
        return value

    @field_validator("google_issuer", "github_url", "github_api_url")
    @classmethod
    def out_of_earshot(cls, value: str) -> str:
        """Codes and secrets travel there: https, or a stand-in on this very machine."""
        parts = urlsplit(value)
        near = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not parts.hostname or not (near or parts.scheme == "https"):
            raise ValueError("write it as https://host")
        return value.rstrip("/")

    @property
    def is_production(self) -> bool:
        return self.admit_env == "production"

    @property
    def uses_simulator(self) -> bool:
        return not self.stripe_secret_key.get_secret_value()

    @cached_property
    def former_secret_keys(self) -> tuple[str, ...]:
        return tuple(key.get_secret_value() for key in self.admit_former_secret_keys)

    @cached_property
    def public_url(self) -> str:
        return (self.admit_public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @cached_property
    def async_database_url(self) -> str:
        given = self.database_url.get_secret_value()
        if not given:
            return f"sqlite+aiosqlite:///{self.admit_data_dir.absolute() / 'admit.db'}"
        return with_driver(given)

    @cached_property
    def simulator_url(self) -> str:
        default = f"http://localhost:{self.stripe_simulator_port}"
        return (self.stripe_simulator_url or default).rstrip("/")

    @cached_property
    def stripe_base(self) -> str:
        default = self.simulator_url if self.uses_simulator else STRIPE_API
        return (self.stripe_api_base or default).rstrip("/")

    @cached_property
    def stripe_key(self) -> str:
        return self.stripe_secret_key.get_secret_value() or SIMULATOR_SECRET_KEY

    @cached_property
    def webhook_secrets(self) -> tuple[str, ...]:
        given = tuple(secret.get_secret_value() for secret in self.stripe_webhook_secret)
        return given or ((SIMULATOR_WEBHOOK_SECRET,) if self.uses_simulator else ())

    @property
    def polls_events(self) -> bool:
        """Where Stripe cannot reach this site, it is asked what happened."""
        return self.stripe_events == "poll"

    @property
    def collects_tax(self) -> bool:
        """Stripe Tax reckons what is added for the place of the buyer."""
        return self.stripe_tax == "on"

    @cached_property
    def checkout_origin(self) -> str:
        """Where a browser pays: the content security policy lets forms lead only there."""
        if self.uses_simulator:
            return origin_of(self.simulator_url)
        return STRIPE_CHECKOUT

    @cached_property
    def form_targets(self) -> tuple[str, ...]:
        """Where a form may lead besides this site: to pay, and to the providers that are set up."""
        providers = (
            (self.google_client_id, self.google_issuer),
            (self.github_client_id, self.github_url),
        )
        return (self.checkout_origin, *(origin_of(url) for given, url in providers if given))


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def with_driver(url: str) -> str:
    """The address as hosts give it (`postgres://`, `sqlite://`) with the driver Admit uses."""
    for short, full in (
        ("postgres://", "postgresql+psycopg://"),
        ("postgresql://", "postgresql+psycopg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(short):
            return full + url.removeprefix(short)
    return url


def _is_served(url: str) -> bool:
    """A database in memory is none: each connection would have its own."""
    try:
        parsed = make_url(with_driver(url))
    except ArgumentError:
        return False
    in_memory = parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}
    return parsed.drivername in DRIVERS and not in_memory


def load_settings(**overrides: object) -> Settings:
    """The settings of this process.

    Raises `SettingsError` with one line per variable that is missing, malformed, or holds a
    development default in production.
    """
    try:
        settings = Settings.model_validate({**Settings().model_dump(), **overrides})
    except ValidationError as error:
        raise SettingsError([_in_words(problem) for problem in error.errors()]) from None
    problems = production_problems(settings) if settings.is_production else []
    if problems:
        raise SettingsError(problems)
    return settings


def _in_words(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 - pydantic's own shape
    name = "_".join(str(part) for part in problem["loc"][:1]).upper()
    return f"{name}: {problem['msg'].removeprefix('Value error, ')}"


def production_problems(settings: Settings) -> list[str]:
    checks = {
        "ADMIT_SECRET_KEY: set it to at least 32 random characters, for example the output of "
        "`openssl rand -base64 48`": len(settings.admit_secret_key.get_secret_value()) < 32
        or settings.admit_secret_key.get_secret_value() == DEVELOPMENT_SECRET_KEY,
        "ADMIT_PUBLIC_URL: set it to the https:// address that people use": (
            not settings.admit_public_url.startswith("https://")
        ),
        "STRIPE_SECRET_KEY: set it to your Stripe key; the simulator moves no real money": (
            settings.stripe_key == SIMULATOR_SECRET_KEY
        ),
        "STRIPE_WEBHOOK_SECRET: set it to the signing secret of your webhook endpoint": (
            (not settings.webhook_secrets and not settings.polls_events)
            or SIMULATOR_WEBHOOK_SECRET in settings.webhook_secrets
        ),
        "SMTP_URL: set it to your mail server, smtp://user:password@host:587": (
            not settings.smtp_url.get_secret_value()
        ),
        "TEST_CRASH_AT: unset it; it kills the process on purpose": bool(settings.test_crash_at),
    }
    return [message for message, wrong in checks.items() if wrong]
