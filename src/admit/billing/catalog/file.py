"""The catalogue as a file, and what is wrong with one, in words that say how to mend it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

DEMO_FILE = Path(__file__).with_name("catalog.toml")

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FeatureEntry(Section):
    key: Code
    name: Words
    description: Annotated[str, Field(max_length=2000)] = ""
    open_to_all: bool = False


class PriceEntry(Section):
    code: Code
    interval: Literal["month", "year"]
    amount: Annotated[int, Field(gt=0, le=99_999_999)]
    currency: Annotated[str, Field(pattern=r"^[a-z]{3}$")]
    trial_days: Annotated[int, Field(ge=0, le=730)] = 0


class PlanEntry(Section):
    code: Code
    name: Words
    description: Annotated[str, Field(max_length=2000)] = ""
    level: Annotated[int, Field(ge=0)]
    group: Code = "main"
    features: list[Code] = []
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
        for key in plan.features:
            if key not in defined:
                yield (
                    f'plan "{plan.code}": features: "{key}" is not defined; '
                    f'add a [[features]] entry with key = "{key}", or take it out'
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
        case "string_pattern_mismatch" if name == "currency":
            return f'{place}: write three small letters: currency = "eur"'
        case "string_pattern_mismatch":
            return f'{place}: write small letters, digits and "-" only, such as "pro-monthly"'
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
                if not _holds_sections(here):
                    yield step
            case _:
                yield str(step)


def _holds_sections(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _called(kind: str, index: int, entry: Any) -> str:
    name = (entry.get("code") or entry.get("key")) if isinstance(entry, dict) else None
    return f'{kind} "{name}"' if name else f"{kind} number {index + 1}"
