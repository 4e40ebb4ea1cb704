"""One measured figure, and the bare limit that it is held against."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`ratio` is value / limit; rows of references start with "reference: " and carry none."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    ratio: float | None = None

    @classmethod
    def against(cls, name: str, value: float, unit: str, *, limit: float) -> "Row":
        return cls(name, value, unit, limit, value / limit)

    @classmethod
    def reference(cls, name: str, value: float, unit: str) -> "Row":
        return cls(f"reference: {name}", value, unit)

    def as_json(self) -> dict[str, str | float | None]:
        return asdict(self)
