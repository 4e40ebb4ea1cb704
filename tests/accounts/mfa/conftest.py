from pathlib import Path

import pytest

from tests.engines.databases import Sqlite


@pytest.fixture
def engine(run_directory: Path, tmp_path: Path) -> Sqlite:
    """One database is enough for what is no race; those are in `tests/accounts/races`."""
    return Sqlite(run_directory, tmp_path)
