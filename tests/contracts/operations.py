"""Which operations a journey through the gate has called."""

import re

from tests.contracts.gate import Gate


def operations_called(gate: Gate) -> set[str]:
    calls = (row for row in gate.report.rows if row.method != "EVENT")
    return {anonymous(f"{row.method} {row.operation}") for row in calls}


def anonymous(operation: str) -> str:
    """The names of ids in a path differ between the two."""
    return re.sub(r"\{\w+\}", "{}", operation)
