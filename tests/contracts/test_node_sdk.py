"""The official Node SDK drives the simulator as the Python SDK does."""

import subprocess

import pytest

from stripe_simulator.server import running_simulator
from tests.contracts.build import HOME, ROOT, WITH_NODE


@pytest.mark.usefixtures("spec")
def test_the_node_sdk_drives_the_main_resources() -> None:
    with running_simulator() as simulator:
        run = subprocess.run(
            [WITH_NODE, "node", str(HOME / "node_sdk.mjs"), simulator.url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert run.stderr == ""
    assert run.stdout.strip().split(", ") == [
        "payment methods",
        "subscriptions",
        "expanding",
        "updating",
        "refunds",
        "credit notes",
        "setup intents",
        "balance",
        "checkout",
        "portal",
        "search",
        "metered prices",
        "tiers",
        "taxes",
        "searching subscriptions",
        "test clocks",
        "auto-pagination",
        "errors",
    ]
