import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.billing.connection.terminal import Terminal
from tests.engines.simulators import Simulators


@pytest.fixture
def terminal(database_url: str, tmp_path: Path, simulators: Simulators) -> Iterator[Terminal]:
    with simulators.fresh(now=int(time.time())) as stripe:
        yield Terminal(database_url, tmp_path, stripe)
