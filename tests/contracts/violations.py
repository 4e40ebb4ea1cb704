"""What the check finds."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal

Where = Literal["request", "response", "event"]
Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Violation:
    """An `error` is a breach; a `warn` an oddity: a field unknown to the spec, another version."""

    where: Where
    kind: str
    path: str
    msg: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.severity} {self.where} {self.kind} {self.path}: {self.msg}"

    def below(self, parent: str) -> "Violation":
        return replace(self, path=f"{parent}.{self.path}".lstrip("."))

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def errors_in(violations: Iterable[Violation]) -> list[Violation]:
    return [violation for violation in violations if violation.severity == "error"]
