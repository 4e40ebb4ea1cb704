"""Habits that no linter knows."""

import re

from tests.shape.files import ROOT, repository_files, text_of

NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def test_a_file_is_named_after_what_it_does() -> None:
    sources = repository_files("src/**/*.py", "tests/**/*.py", "bench/**/*.py")

    nameless = [file for file in sources if {file.stem, file.parent.name} & NAMELESS]

    assert nameless == []


def test_only_one_door_of_admit_names_the_simulator_package() -> None:
    naming = {
        str(file.relative_to(ROOT / "src" / "admit"))
        for file in repository_files("src/admit/**/*.py", "src/admit/*.py")
        if re.search(r"\bstripe_simulator[.\"']|import stripe_simulator", text_of(file))
    }

    assert naming <= {"simulator.py", "cli.py"}


def test_the_simulator_does_not_know_admit() -> None:
    naming = [
        file
        for file in repository_files("src/stripe_simulator/**")
        if re.search(r"^\s*(from|import) admit\b", text_of(file), flags=re.MULTILINE)
    ]

    assert naming == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    files = repository_files("src/**", "frontend/**", "tests/**/*.py", "bench/**/*.py")

    left = [
        file for file in files if marks.search(text_of(file)) and file.name != "test_sources.py"
    ]

    assert left == []
