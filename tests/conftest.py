import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.engines import browser, nginx
from tests.engines.databases import NewDatabase, Postgresql, Sqlite

# Their assertions explain themselves, whichever test imports them first.
pytest.register_assert_rewrite("tests.journeys.road", "tests.journeys.story")


@dataclass(frozen=True)
class Program:
    """Of this machine; tests that are marked with its name need it."""

    find: Callable[[], str | None]
    is_required: Callable[[], bool]
    missing: str


PROGRAMS = {
    "browser": Program(browser.find_chromium, browser.browser_is_required, browser.MISSING),
    "nginx": Program(nginx.find_nginx, nginx.nginx_is_required, nginx.MISSING),
}

RUN_DIRECTORY = "ADMIT_TEST_RUN_DIRECTORY"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it
ROOM_NEEDED = 2 * 1024**3

ENVIRONMENT_OF_ADMIT = (
    "ADMIT_",
    "STRIPE_",
    "DATABASE_",
    "SMTP_",
    "MAIL_",
    "PORT",
    "TEST_CRASH",
    "GOOGLE_",
    "GITHUB_CLIENT",
    "GITHUB_URL",
    "GITHUB_API",
)

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.register_profile(
    "long",
    deadline=None,
    print_blob=True,
    max_examples=1000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


# Rich tracebacks, the default where nothing is configured, take three seconds each.
structlog.configure(
    [
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


def pytest_configure(config: pytest.Config) -> None:
    """One folder for the whole run: what is started or migrated once is shared through it."""
    if not is_worker(config):
        forget_settings_of_the_shell()
        compile_once()
        os.environ[RUN_DIRECTORY] = tempfile.mkdtemp(prefix="admit-", dir=memory_with_room())
        Path(os.environ[RUN_DIRECTORY]).chmod(0o711)
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", os.environ[RUN_DIRECTORY])


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config):
        run = Path(os.environ.pop(RUN_DIRECTORY))
        Postgresql(run).forget()
        shutil.rmtree(run)


def memory_with_room() -> Path | None:
    """No power is cut in a test, and a disk makes each database cost ten times as much."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_NEEDED
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def forget_settings_of_the_shell() -> None:
    """A developer's own DATABASE_URL or Stripe key must never be what the tests run against."""
    for name in list(os.environ):
        if name.startswith(ENVIRONMENT_OF_ADMIT):
            del os.environ[name]


def compile_once() -> None:
    """In a shell that forbids bytecode, every process of every test would compile everything."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it again and again took a third of each run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for marker, program in PROGRAMS.items():
        unseen = [report.nodeid for report in skipped if marker in report.keywords]
        if unseen:
            terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
            terminalreporter.write_line(
                f"{len(unseen)} {marker} tests were not run: {program.missing}."
            )
            for name in unseen:
                terminalreporter.write_line(f"  {name}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, program in PROGRAMS.items():
        if item.get_closest_marker(marker) and program.find() is None:
            if program.is_required():
                pytest.fail(program.missing, pytrace=False)
            pytest.skip(program.missing)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def run_directory() -> Path:
    return Path(os.environ[RUN_DIRECTORY])


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, run_directory: Path, tmp_path: Path) -> object:
    if request.param == "sqlite":
        return Sqlite(run_directory, tmp_path)
    return Postgresql(run_directory)


@pytest.fixture
def new_database(engine: Sqlite | Postgresql) -> NewDatabase:
    """For a test that needs many: `with new_database() as url`, migrated and empty of people."""
    return engine.migrated


@pytest.fixture
def database_url(engine: Sqlite | Postgresql) -> Iterator[str]:
    """A migrated database of its own for this test; the test runs on SQLite and on PostgreSQL."""
    with engine.migrated() as url:
        yield url


@pytest.fixture
def unmigrated_database_url(engine: Sqlite | Postgresql) -> Iterator[str]:
    with engine.empty() as url:
        yield url
