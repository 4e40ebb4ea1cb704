from collections.abc import Iterator

import pytest

from tests.engines.simulators import Simulators, running_simulators


@pytest.fixture(scope="session")
def simulators() -> Iterator[Simulators]:
    with running_simulators() as simulators:
        yield simulators
