"""The official Node SDK drives the simulator as the Python SDK does: every operation of it."""

import subprocess
from collections.abc import Iterator

import pytest

from stripe_simulator.api.routing import OPERATIONS
from stripe_simulator.server import running_simulator
from tests.contracts.build import HOME, ROOT, WITH_NODE
from tests.contracts.gate import Gate, open_gate
from tests.contracts.operations import anonymous, operations_called
from tests.contracts.spec import Spec
from tests.engines.patience import PATIENCE

NOON = 1_796_040_000


@pytest.fixture
def gate(spec: Spec) -> Iterator[Gate]:
    with open_gate(spec) as gate, running_simulator(now=NOON) as simulator:
        gate.simulator_url = simulator.url
        yield gate


def test_the_node_sdk_drives_every_operation(gate: Gate) -> None:
    run = subprocess.run(
        [WITH_NODE, "node", str(HOME / "node_sdk" / "main.mjs"), gate.api_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert run.stderr == ""
    assert {"errors", "refusals", "auto-pagination"} <= set(run.stdout.strip().split(", "))
    assert gate.errors() == []
    assert operations_called(gate) == {
        anonymous(f"{operation.method} {operation.path}") for operation in OPERATIONS
    }
