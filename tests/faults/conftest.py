from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.databases import Postgresql, Sqlite
from tests.faults.ground import Ground, prepared_ground

IMPATIENT = {"STRIPE_TIMEOUT_SECONDS": "6", "DATABASE_BUSY_SECONDS": "3"}
"""So that a test need not wait as long as people have to, at most; and yet longer than whatever
works takes on a busy machine.
"""


@pytest.fixture(scope="module", params=["sqlite"])
def ground(
    request: pytest.FixtureRequest, run_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    """On SQLite, unless the test asks for `postgresql` as well."""
    directory = tmp_path_factory.mktemp("ground")
    with prepared_ground(engine_of(request.param, run_directory, directory), directory) as ground:
        yield ground


@pytest.fixture(scope="module", params=["sqlite"])
def impatient(
    request: pytest.FixtureRequest, run_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    directory = tmp_path_factory.mktemp("ground")
    engine = engine_of(request.param, run_directory, directory)
    with prepared_ground(engine, directory, **IMPATIENT) as ground:
        yield ground


def engine_of(kind: str, run_directory: Path, directory: Path) -> Sqlite | Postgresql:
    if kind == "sqlite":
        return Sqlite(run_directory, directory)
    return Postgresql(run_directory)
