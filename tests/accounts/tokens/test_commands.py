import sqlite3
from pathlib import Path

from admit.core.migrations import upgrade
from tests.cli.admit import admit


def test_an_operator_rotates_the_keys_and_removes_one_that_was_stolen(tmp_path: Path) -> None:
    """S39 (ASVS 11.2.2)."""
    file = tmp_path / "admit.db"
    upgrade(f"sqlite:///{file}")

    rotated = admit(tmp_path, "keys", "rotate", ADMIT_DATA_DIR=str(tmp_path))
    kept = keys_in(file)
    at_once = admit(tmp_path, "keys", "rotate", "--at-once", ADMIT_DATA_DIR=str(tmp_path))

    assert [(each.returncode, each.stderr) for each in (rotated, at_once)] == [(0, "")] * 2
    assert kept == [(kid_in(rotated.stdout), False)]
    assert keys_in(file) == [(kid_in(at_once.stdout), False)]
    assert "Older tokens are refused" in at_once.stdout


def kid_in(said: str) -> str:
    return said.partition("signed with ")[2].partition(" ")[0]


def keys_in(file: Path) -> list[tuple[str, bool]]:
    """The id of each key, and whether it is retired."""
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT id, retired_at IS NOT NULL FROM signing_keys")
        found = [(str(kid), bool(retired)) for kid, retired in rows]
    connection.close()
    return found
