"""`admit access …`: an operator opens, closes, and asks why, in the terminal."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from admit.cli import app

ADA = "ada@example.com"
Admit = Callable[..., Result]

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def admit(database_url: str, tmp_path: Path) -> Admit:
    """With the catalogue and Ada's account."""

    def typed(*words: str) -> Result:
        settings = {"DATABASE_URL": database_url, "ADMIT_DATA_DIR": str(tmp_path)}
        return CliRunner().invoke(app, words, env=settings)

    typed("seed", "--no-push")
    typed("user", "create", ADA, "--first-name", "Ada", "--last-name", "Lovelace")
    return typed


def test_an_operator_opens_asks_why_and_takes_it_back(admit: Admit) -> None:
    granted = admit("access", "grant", ADA, "premium", "--reason", "A fair.", "--limit", "3")
    shown = admit("access", "show", ADA)
    why = admit("access", "why", ADA, "premium")
    past = admit("access", "why", ADA, "premium", "--as-of", "2020-01-01")
    (grant_id,) = re.findall(r"grt_\w+", granted.stdout)
    revoked = admit("access", "revoke", grant_id, "--reason", "Over.")
    after = admit("access", "why", ADA, "premium")

    assert granted.stdout == f"premium is open to {ADA} now, by the grant {grant_id}.\n"
    answers = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines())
    assert (answers["community"], answers["premium"]) == ("open", "open, up to 3")
    assert answers["exports"] == "never opened"
    assert "It was opened for you by hand" in why.stdout
    assert "[an operator, in the terminal]" in why.stdout
    assert "The reason: A fair." in why.stdout
    assert past.stdout.startswith("Premium area: never opened (at 2020-01-01 00:00 UTC)")
    assert revoked.exit_code == 0
    assert after.stdout.startswith("Premium area: closed")
    assert "ended: Over" in after.stdout


def test_what_cannot_be_is_said_in_a_sentence(admit: Admit) -> None:
    for words, sentence in (
        (("show", "nobody@example.com"), "Nobody has an account with this address."),
        (("why", ADA, "gold"), "There is no feature gold."),
        (("why", ADA, "premium", "--as-of", "2999-01-01"), "That moment has not come yet."),
        (("grant", ADA, "gold", "--reason", "Why."), "There is no feature of that name."),
        (("grant", ADA, "premium", "--reason", " "), "Say why, so that others understand"),
        (("revoke", "grt_none", "--reason", "Why."), "There is no such grant."),
    ):
        answer = admit("access", *words)
        assert (words, answer.exit_code) == (words, 1)
        assert sentence in answer.stderr
