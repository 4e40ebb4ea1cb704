"""Every setting is documented where people look for it, with the default that the code has."""

import re
from pathlib import Path

from pydantic import SecretStr

from admit.core.config import Settings
from tests.shape.files import ROOT

NAMES = {name.upper() for name in Settings.model_fields}


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    documented = re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE)

    assert sorted(documented) == sorted(NAMES)


def test_the_documented_defaults_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", page, flags=re.MULTILINE))
    actual = defaults()

    assert documented == {name: actual[name] for name in documented}
    assert {name for name in NAMES - documented.keys() if actual[name]} == {"ADMIT_SECRET_KEY"}


def test_the_example_environment_names_every_setting_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, flags=re.MULTILINE))

    assert shown == {**defaults(), "ADMIT_SECRET_KEY": ""}


def test_the_example_environment_changes_nothing_as_it_is() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()

    assert [line for line in lines if line and not line.startswith("#")] == []


def defaults() -> dict[str, str]:
    fields = Settings.model_fields.items()
    return {name.upper(): as_text(field.get_default()) for name, field in fields}


def as_text(value: object) -> str:
    match value:
        case None | ():
            return ""
        case bool():
            return str(value).lower()
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return value.as_posix()
        case _:
            return str(value)
