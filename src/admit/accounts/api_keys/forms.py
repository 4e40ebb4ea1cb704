"""What somebody asks of a new key, on the page or over the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from admit.accounts.api_keys.scopes import Scope, in_order
from admit.core.errors import InvalidInput

LONGEST_NAME = 60
MOST_DAYS = 365
LIVES = ((30, "30 days"), (90, "90 days"), (365, "A year"), (0, "Until it is revoked"))
"""Days a key may live, as the page offers them."""


@dataclass(frozen=True)
class Wish:
    name: str
    scopes: list[Scope]
    ends_at: datetime | None


class ApiKeyForm(BaseModel):
    """As typed; a refused form comes back with what it held."""

    name: str = ""
    scopes: Annotated[list[str], Field(default_factory=list, max_length=20)]
    days: str = "90"

    def checked(self, *, now: datetime) -> Wish:
        """Raises `InvalidInput` with a sentence for each field that needs another look."""
        days = int(self.days) if self.days.isdecimal() and len(self.days) <= 3 else -1
        known = days in {offered for offered, _ in LIVES}
        errors = problems_with(self.name, self.scopes)
        if not known:
            errors["days"] = "Choose how long the key works."
        if errors:
            raise InvalidInput(errors)
        ends_at = now + timedelta(days=days) if days else None
        return Wish(" ".join(self.name.split()), in_order(self.scopes), ends_at)


class NewApiKey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)]
    expires_in_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = 90
    """None: until it is revoked."""

    def checked(self, *, now: datetime) -> Wish:
        """Raises `InvalidInput`."""
        if errors := problems_with(self.name, self.scopes):
            raise InvalidInput(errors)
        days = self.expires_in_days
        ends_at = None if days is None else now + timedelta(days=days)
        return Wish(" ".join(self.name.split()), in_order(self.scopes), ends_at)


def problems_with(name: str, scopes: list[str] | list[Scope]) -> dict[str, str]:
    errors = {}
    if not name.strip():
        errors["name"] = "Give the key a name, so that you know it again."
    elif len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = f"A name is one line of at most {LONGEST_NAME} characters."
    if not in_order(scopes):
        errors["scopes"] = "Choose at least one thing that the key may do."
    return errors
