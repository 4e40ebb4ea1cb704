"""The catalogue as a file, and what is wrong with one, in words that say how to mend it."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

DEMO_FILE = Path(__file__).with_name("catalog.toml")

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=200)]
MOST_SEATS = 10_000
LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
"""Stripe bills at least every three years (https://docs.stripe.com/api/prices/create)."""


PATTERNS = {
    "currency": 'write three small letters: currency = "eur"',
    "tax_code": 'write one of Stripe\'s tax codes: tax_code = "txcd_10103001"',
    "code": 'write small letters, digits and "-" only, such as "pro-monthly"',
}
"""What to write where a value has the wrong form."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FeatureEntry(Section):
    key: Code
    name: Words
    description: Annotated[str, Field(max_length=2000)] = ""
    open_to_all: bool = False


class PriceEntry(Section):
    code: Code
    interval: Literal["day", "week", "month", "year"]
    interval_count: Annotated[int, Field(ge=1)] = 1
    amount: Annotated[int, Field(gt=0, le=99_999_999)]
    currency: Annotated[str, Field(pattern=r"^[a-z]{3}$")]
    tax_behavior: Literal["inclusive", "exclusive"] | None = None
    trial_days: Annotated[int, Field(ge=0, le=730)] = 0


class OpenedFeature(Section):
    """A feature that a plan opens, and how much of it; None: without a limit."""

    key: Code
    limit: Annotated[int, Field(ge=1)] | None = None


def _named(entry: object) -> object:
    """`"premium"` is short for `{ key = "premium" }`."""
    return {"key": entry} if isinstance(entry, str) else entry


class PlanEntry(Section):
    code: Code
    name: Words
    description: Annotated[str, Field(max_length=2000)] = ""
    level: Annotated[int, Field(ge=0)]
    group: Code = "main"
    grace_days: Annotated[int, Field(ge=0, le=90)] | None = None
    max_quantity: Annotated[int, Field(ge=1, le=MOST_SEATS)] = 1
    tax_code: Annotated[str, Field(pattern=r"^txcd_[0-9]+$")] | None = None
    features: list[Annotated[OpenedFeature, BeforeValidator(_named)]] = []
    prices: list[PriceEntry] = []


class Catalog(Section):
    features: list[FeatureEntry]
    plans: Annotated[list[PlanEntry], Field(min_length=1)]


class CatalogError(Exception):
    """The file cannot be used; each line names file, place and mend. Nothing was changed."""

    def __init__(self, path: Path, problems: Iterable[str]) -> None:
        self.problems = [f"{path}: {problem}" for problem in problems]
        super().__init__("\n".join(self.problems))


def load_file(path: Path | None = None) -> Catalog:
    """The catalogue of a TOML file, or the demo catalogue. Raises `CatalogError`."""
    path = path or DEMO_FILE
    raw = _parsed(path)
    try:
        catalog = Catalog.model_validate(raw)
    except ValidationError as error:
        raise CatalogError(path, [_in_words(raw, problem) for problem in error.errors()]) from None
    problems = list(contradictions(catalog))
    if problems:
        raise CatalogError(path, problems)
    return catalog


def contradictions(catalog: Catalog) -> Iterator[str]:
    """What each entry may say, but not all together."""
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
    defined = {feature.key for feature in catalog.features}
    for plan in catalog.plans:
        yield from _contradictions_of(plan, defined)


def _contradictions_of(plan: PlanEntry, defined: Collection[str]) -> Iterator[str]:
    for feature, times in Counter(opened.key for opened in plan.features).items():
        if feature not in defined:
            yield (
                f'plan "{plan.code}": features: "{feature}" is not defined; '
                f'add a [[features]] entry with key = "{feature}", or take it out'
            )
        if times > 1:
            yield f'plan "{plan.code}": features: "{feature}" is named {times} times; keep one'
    for price in plan.prices:
        if price.interval_count > LONGEST[price.interval]:
            yield (
                f'plan "{plan.code}": price "{price.code}": interval_count: Stripe bills at least '
                f"every three years; write at most {LONGEST[price.interval]}"
            )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mend = "it does not exist; ADMIT_CATALOG_FILE names the catalogue file"
        raise CatalogError(path, [mend]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(path, [f"it cannot be read: {error}"]) from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(path, [f"it is not TOML: {error}"]) from None


def _in_words(raw: dict[str, Any], problem: Any) -> str:
    place = ": ".join(_place(raw, problem["loc"]))
    name = problem["loc"][-1]
    match problem["type"]:
        case "missing":
            return f"{place}: it is missing; add it"
        case "extra_forbidden":
            return f"{place}: nothing has this name; correct the spelling or take it out"
        case "int_type" | "int_from_float" if name == "amount":
            return f"{place}: write a whole number of the smallest unit: amount = 1200 for 12.00"
        case "string_pattern_mismatch":
            return f"{place}: {PATTERNS.get(name, PATTERNS['code'])}"
        case _:
            return f"{place}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _place(raw: Any, loc: tuple[int | str, ...]) -> Iterator[str]:
    """`plan "pro"`, `price "pro-monthly"`, `amount`: as somebody finds it in the file."""
    here = raw
    kind = ""
    for step in loc:
        match step, here:
            case int(), list():
                here = here[step]
                yield _called(kind, step, here)
            case str(), dict():
                here = here.get(step)
                kind = step.removesuffix("s")
                if not (isinstance(here, list) and here):
                    yield step
            case _:
                yield str(step)


def _called(kind: str, index: int, entry: Any) -> str:
    name = (entry.get("code") or entry.get("key")) if isinstance(entry, dict) else entry
    return f'{kind} "{name}"' if name else f"{kind} number {index + 1}"
