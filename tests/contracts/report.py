"""Every call and delivery that was checked, in order, and what was wrong with it."""

import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.contracts.violations import Violation, errors_in


@dataclass
class Row:
    """`method` is EVENT for a webhook delivery; then `operation` is the type of the event."""

    method: str
    path: str
    operation: str | None = None
    status: int | None = None
    enforced: bool = False
    parameters: Any = None
    event: str | None = None
    violations: list[Violation] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.method} {self.operation or self.path} -> {self.status}"

    def as_dict(self) -> dict[str, Any]:
        shown = [violation.as_dict() for violation in self.violations]
        return {**vars(self), "violations": shown}


class Report:
    """Safe to use from several threads. `path`: also append each row there, as a line of JSON."""

    def __init__(self, path: Path | None = None) -> None:
        self.rows: list[Row] = []
        self._path = path
        self._lock = threading.Lock()

    def add(self, row: Row) -> None:
        with self._lock:
            self.rows.append(row)
            if self._path:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row.as_dict()) + "\n")

    def operations(self) -> Counter[str]:
        """How often each operation was called, each type of event delivered."""
        return Counter(f"{row.method} {row.operation}" for row in list(self.rows))

    def errors(self) -> list[str]:
        """One readable line a breach; empty when everything is as Stripe would have it."""
        return [
            f"{row}: {violation}"
            for row in list(self.rows)
            for violation in errors_in(row.violations)
        ]

    def summary(self) -> dict[str, Any]:
        return {
            "calls": len(self.rows),
            "operations": dict(self.operations()),
            "violations": _counted(v for row in list(self.rows) for v in row.violations),
        }


def _counted(violations: Iterable[Violation]) -> dict[str, int]:
    kinds = Counter(f"{one.severity} {one.where} {one.kind}" for one in violations)
    return dict(sorted(kinds.items()))
