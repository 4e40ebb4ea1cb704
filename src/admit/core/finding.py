"""What an examination finds, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    what: str
    well: bool = True
    mend: str = ""
