"""`make bench` runs every measurement that lies there."""

from bench.__main__ import MEASUREMENTS
from tests.shape.files import ROOT


def test_every_measurement_is_run() -> None:
    measured = {
        file.stem for file in (ROOT / "bench").glob("*.py") if "\ndef measure(" in file.read_text()
    }

    assert {module.__name__.removeprefix("bench.") for module in MEASUREMENTS} == measured
