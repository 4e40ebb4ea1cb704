import re

from pydantic import BaseModel, Field

YEAR = re.compile(r"[12]\d{3}", re.ASCII)


class Narrowing(BaseModel):
    """What of the history is asked for; what makes no sense narrows nothing."""

    status: str = Field("", max_length=20)
    year: str = Field("", max_length=20)
    before: str = Field("", max_length=255)

    @property
    def chosen_year(self) -> int | None:
        return int(self.year) if YEAR.fullmatch(self.year) else None
