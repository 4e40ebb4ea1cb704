"""The catalogue as a file: read, with what is wrong named by its place, and written."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from admit.billing.catalog.entries import Catalog, PlanEntry, contradictions

DEMO_FILE = Path(__file__).with_name("catalog.toml")


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
    match problem["type"]:
        case "missing":
            return f"{place}: it is missing; add it"
        case "extra_forbidden":
            return f"{place}: nothing has this name; correct the spelling or take it out"
        case "int_type" | "int_from_float" if problem["loc"][-1] == "amount":
            return f"{place}: write a whole number of the smallest unit: amount = 1200 for 12.00"
        case _:
            sentence = problem["msg"].removeprefix("Value error, ").removesuffix(".")
            return f"{place}: {sentence[0].lower()}{sentence[1:]}"


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


def as_toml(catalog: Catalog) -> str:
    """What `load_file` reads as the same catalogue; what goes without saying is left out."""
    sections = [_section("features", feature) for feature in catalog.features]
    for plan in catalog.plans:
        sections.append(_section("plans", plan))
        sections += [_section("plans.prices", price) for price in plan.prices]
    return "\n".join(sections)


def _section(name: str, entry: BaseModel) -> str:
    lines = [f"[[{name}]]"]
    for key, value in entry.model_dump(exclude_defaults=True, exclude={"prices"}).items():
        if key == "features" and isinstance(entry, PlanEntry):
            lines.append(f"features = [{', '.join(map(_opened, value))}]")
        else:
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _opened(feature: dict[str, Any]) -> str:
    key = json.dumps(feature["key"])
    limit = feature.get("limit")
    return key if limit is None else f"{{ key = {key}, limit = {limit} }}"


def _value(value: str | int | bool) -> str:
    """TOML's strings are JSON's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
