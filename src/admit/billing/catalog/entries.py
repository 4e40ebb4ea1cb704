"""What a catalogue says, entry by entry; files, pages and programs all hand it over like this.

What each entry may say stands with its field; what they may not say all together is found by
`contradictions`. Every refusal is a sentence that says how to mend it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from babel.numbers import list_currencies
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MOST_SEATS = 10_000
MOST_OF_A_FEATURE = 1_000_000_000
LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
"""Stripe bills at least every three years (https://docs.stripe.com/api/prices/create)."""
CURRENCIES = frozenset(code.lower() for code in list_currencies())
RESERVED_CODES = frozenset({"new"})
"""Has a page of its own where plans have theirs."""


def formed_as(pattern: str, sentence: str) -> AfterValidator:
    form = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if form.fullmatch(text) is None:
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def one_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("Write a name, on one line.")
    return text


def lines(text: str) -> str:
    if not all(letter.isprintable() or letter in "\n\t" for letter in text):
        raise ValueError("Write text without control characters.")
    return text


def known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError('Write the three small letters of a currency, such as "eur".')
    return code


CODE = r"[a-z0-9][a-z0-9-]*"
Code = Annotated[
    str,
    Field(max_length=60, json_schema_extra={"pattern": f"^{CODE}$"}),
    formed_as(CODE, 'Write small letters, digits and "-" only, such as "pro-monthly".'),
]
TaxCode = Annotated[
    str,
    Field(max_length=60),
    formed_as(r"txcd_[0-9]+", 'Write one of Stripe\'s tax codes, such as "txcd_10103001".'),
]
Currency = Annotated[str, AfterValidator(known_currency)]
Words = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(lines)]
RESERVED_KEYS = frozenset({"forward", "token"})
"""What stands in the place of a feature in addresses below /api/v1/access."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FeatureEntry(Section):
    key: Code
    name: Words
    description: Text = ""
    open_to_all: bool = False


class PriceEntry(Section):
    code: Code
    interval: Literal["day", "week", "month", "year"]
    interval_count: Annotated[int, Field(ge=1)] = 1
    amount: Annotated[int, Field(gt=0, le=99_999_999)]
    """In minor units of the currency."""
    currency: Currency
    tax_behavior: Literal["inclusive", "exclusive"] | None = None
    trial_days: Annotated[int, Field(ge=0, le=730)] = 0


class OpenedFeature(Section):
    """A feature that a plan opens, and how much of it; None: without a limit."""

    key: Code
    limit: Annotated[int, Field(ge=1, le=MOST_OF_A_FEATURE)] | None = None


def _named(entry: object) -> object:
    """`"premium"` is short for `{ key = "premium" }`."""
    return {"key": entry} if isinstance(entry, str) else entry


Level = Annotated[int, Field(ge=0, le=1_000_000)]
GraceDays = Annotated[int, Field(ge=0, le=90)]
Quantity = Annotated[int, Field(ge=1, le=MOST_SEATS)]
Opened = Annotated[OpenedFeature, BeforeValidator(_named)]


class PlanEntry(Section):
    code: Code
    name: Words
    description: Text = ""
    level: Level
    group: Code = "main"
    grace_days: GraceDays | None = None
    max_quantity: Quantity = 1
    tax_code: TaxCode | None = None
    features: list[Opened] = []
    prices: list[PriceEntry] = []

    @property
    def limits(self) -> dict[str, int | None]:
        return {opened.key: opened.limit for opened in self.features}


class Catalog(Section):
    features: list[FeatureEntry]
    plans: list[PlanEntry]


@dataclass(frozen=True)
class Problem:
    """`place` leads to the field in a file: `price "pro-monthly": interval_count`."""

    field: str
    sentence: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place or self.field}: {self.sentence}"


def contradictions(catalog: Catalog) -> Iterator[str]:
    """What each entry may say, but not all together."""
    if not catalog.plans:
        yield 'nothing is sold; add a [[plans]] entry, such as one with code = "free"'
    yield from _used_twice(catalog)
    defined = {feature.key for feature in catalog.features}
    for key in sorted(defined & RESERVED_KEYS):
        yield f'feature "{key}": key: the API has this word at another meaning; choose another key'
    for plan in catalog.plans:
        yield from (f'plan "{plan.code}": {problem}' for problem in problems_of(plan, defined))


def _used_twice(catalog: Catalog) -> Iterator[str]:
    prices = [price for plan in catalog.plans for price in plan.prices]
    for what, codes in (
        ("feature key", [feature.key for feature in catalog.features]),
        ("plan code", [plan.code for plan in catalog.plans]),
        ("plan name", [plan.name for plan in catalog.plans]),
        ("price code", [price.code for price in prices]),
    ):
        for code, times in Counter(codes).items():
            if times > 1:
                yield f'the {what} "{code}" is used {times} times; give each its own'


def problems_of(plan: PlanEntry, defined: Collection[str]) -> Iterator[Problem]:
    if plan.code in RESERVED_CODES:
        yield Problem("code", f'"{plan.code}" is taken by the pages of plans; choose another')
    for feature, times in Counter(opened.key for opened in plan.features).items():
        if feature not in defined:
            mend = f'add a [[features]] entry with key = "{feature}", or take it out'
            yield Problem("features", f'"{feature}" is not defined; {mend}')
        if times > 1:
            yield Problem("features", f'"{feature}" is named {times} times; keep one')
    for price in plan.prices:
        most = LONGEST[price.interval]
        if price.interval_count > most:
            yield Problem(
                "interval_count",
                f"Stripe bills at least every three years; write at most {most}",
                place=f'price "{price.code}": interval_count',
            )
