"""Every requirement of docs/security.md has its line, and a test that carries its id."""

import ast
import re

from tests.shape.files import ROOT

ROW = re.compile(r"^\| (S\d\d) \| [^|]+ \| [^|]+ \| `([^`]+)::(\w+)` \|$", flags=re.MULTILINE)
REQUIREMENTS = [f"S{number:02}" for number in range(1, 63)]
KINDS = (ast.FunctionDef, ast.AsyncFunctionDef)


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall((ROOT / "docs" / "security.md").read_text())


def carries(id_: str, path: str, name: str) -> bool:
    """In its name, or in its docstring."""
    file = ROOT / path
    tests = ast.walk(ast.parse(file.read_text())) if file.is_file() else ()
    found = [node for node in tests if isinstance(node, KINDS) and node.name == name]
    return any(
        f"_{id_.lower()}_" in node.name or id_ in (ast.get_docstring(node) or "") for node in found
    )


def test_every_requirement_has_one_line() -> None:
    assert [id_ for id_, _, _ in rows()] == REQUIREMENTS


def test_every_requirement_is_shown_by_a_test_that_carries_its_id() -> None:
    assert [row for row in rows() if not carries(*row)] == []
