from collections.abc import Iterator

import pytest

from stripe_simulator.server import Running, running_simulator
from tests.stripe_simulator.shop import JANUARY_31, Shop


@pytest.fixture
def simulator() -> Iterator[Running]:
    """In memory, its clock standing at 10:00 on the last day of January 2026."""
    with running_simulator(now=JANUARY_31, webhook_secret="whsec_test") as running:
        yield running


@pytest.fixture
def shop(simulator: Running) -> Iterator[Shop]:
    with Shop.at(simulator.url) as opened:
        yield opened
