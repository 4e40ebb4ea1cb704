"""The page of capabilities tells the truth: the places and the tests that it names exist."""

import ast
import re

from tests.shape.files import ROOT

ROW = re.compile(r"^\| ([A-Z]\d?-?\d+) \| [^|]+ \| ([^|]+) \| ([^|]*)\|$", flags=re.MULTILINE)

NAMED = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, list[str], list[str]]]:
    page = (ROOT / "docs" / "capabilities.md").read_text()
    return [
        (id_, NAMED.findall(places), NAMED.findall(tests))
        for id_, places, tests in ROW.findall(page)
    ]


def test_a_capability_has_one_row_and_each_row_is_read() -> None:
    page = (ROOT / "docs" / "capabilities.md").read_text()
    ids = [id_ for id_, _, _ in rows()]

    assert len(ids) == len(set(ids))
    assert len(ids) == sum(line.startswith("| ") for line in page.splitlines()) - 2


def test_every_capability_lives_somewhere() -> None:
    missing = [(id_, place) for id_, places, _ in rows() for place in places if not lives(place)]

    assert missing == []


def test_every_capability_is_shown_by_a_test_that_exists() -> None:
    missing = [(id_, test) for id_, _, tests in rows() for test in tests if not is_a_test(test)]

    assert missing == []
    assert [id_ for id_, _, tests in rows() if not tests] == []


def lives(place: str) -> bool:
    bases = (ROOT, ROOT / "src", ROOT / "src" / "admit")
    return any((base / place).exists() or (base / f"{place}.py").exists() for base in bases)


def is_a_test(named: str) -> bool:
    path, _, function = named.partition("::")
    file = ROOT / path
    return file.is_file() and function in functions_of(file.read_text())


def functions_of(source: str) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}
