"""What a change has to pass, on a laptop and as a pull request."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from tests.shape.files import ROOT


def test_every_hook_runs_a_tool_of_the_project() -> None:
    """Hooks from elsewhere would have to be fetched, at versions that the pins do not know."""
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = {hook["id"]: hook for repo in configuration["repos"] for hook in repo["hooks"]}

    assert [repo["repo"] for repo in configuration["repos"]] == ["local"]
    assert {hook["language"] for hook in hooks.values()} == {"system"}
    assert {"ruff", "ruff-format", "prettier", "markdownlint", "commitlint"} <= set(hooks)
    assert hooks["commitlint"]["stages"] == ["commit-msg"]


def test_a_pull_request_runs_tests_checks_hooks_and_message_rules() -> None:
    run = (ROOT / ".ci" / "run").read_text()

    assert "REQUIRE_BROWSER=1 REQUIRE_NGINX=1" in run
    assert re.findall(r"^timed (.+)$", run, flags=re.MULTILINE) == [
        "install_programs",
        "make setup",
        "make test",
        "make check",
        ".venv/bin/pre-commit run --all-files --show-diff-on-failure",
        "check_commit_messages",
        "make test-long",
    ]


@pytest.mark.parametrize(
    ("message", "is_taken"),
    [
        ("feat(access): let guests in", True),
        ("let guests in", False),
        ("feat: Let guests in.", False),
    ],
)
def test_a_message_without_its_form_is_refused(message: str, *, is_taken: bool) -> None:
    answer = subprocess.run(
        ["scripts/with-node.sh", "node_modules/.bin/commitlint"],
        cwd=ROOT,
        input=message,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode == 0) is is_taken, answer.stdout + answer.stderr


def test_the_import_contracts_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    answer = subprocess.run(
        [lint, "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout.rstrip().endswith("7 kept, 0 broken."), answer.stdout
