"""What somebody typed into the card form, and what can be seen to be wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stripe_simulator.cards import CardDetails

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Problems = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """As typed. Field names are those of the form."""

    email: str = ""
    number: str = ""
    exp_month: str = ""
    exp_year: str = ""
    cvc: str = ""
    name: str = ""

    def without_secrets(self) -> "Entry":
        """What may be shown again after an error."""
        return replace(self, number="", cvc="")

    def card(self) -> CardDetails:
        """Call it only when `problems` found nothing."""
        return CardDetails(
            number=self.number,
            exp_month=int(self.exp_month),
            exp_year=int(self.exp_year),
            cvc=self.cvc,
            name=self.name,
            email=self.email,
        )


def entry_from(form: Mapping[str, Any]) -> Entry:
    return Entry(**{name: str(form.get(name, "")).strip() for name in Entry.__dataclass_fields__})


def email_problem(entry: Entry, *, email_is_known: bool) -> Problems:
    if email_is_known or EMAIL.fullmatch(entry.email):
        return {}
    return {"email": "Enter your email address, like name@example.com"}


def problems_of(entry: Entry, *, email_is_known: bool) -> Problems:
    """One sentence a field, in the order of the form; what only a bank can see is not here."""
    problems = dict(email_problem(entry, email_is_known=email_is_known))
    if not entry.number:
        problems["number"] = "Enter the card number"
    if not re.fullmatch(r"\d{1,2}", entry.exp_month):
        problems["exp_month"] = "Enter the expiry month, like 04"
    elif not re.fullmatch(r"\d{2}|\d{4}", entry.exp_year):
        problems["exp_year"] = "Enter the expiry year, like 34"
    if not entry.cvc:
        problems["cvc"] = "Enter the security code"
    if not entry.name:
        problems["name"] = "Enter the name on the card"
    return problems
