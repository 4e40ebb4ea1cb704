"""`make run` on a machine that lacks something says in one line what to install."""

import shutil
import subprocess
from pathlib import Path

from tests.shape.files import ROOT


def test_a_newcomer_without_the_venv_module_is_told_which_package_to_install(
    tmp_path: Path,
) -> None:
    python = executable(tmp_path / "python", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')

    run = prepare(tmp_path, python)

    assert run.returncode == 1
    assert run.stderr == (
        "Python's venv module is missing: install the package python3-venv "
        "(Debian, Ubuntu: apt-get install python3-venv).\n"
    )


def test_a_newcomer_with_an_old_python_is_told_which_one_is_needed(tmp_path: Path) -> None:
    python = executable(tmp_path / "python", "exit 1")

    run = prepare(tmp_path, python)

    assert run.returncode == 1
    assert run.stderr == (
        "Admit needs Python 3.11 or later; set PYTHON=/path/to/python3 if it is not on the PATH.\n"
    )


def executable(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def prepare(directory: Path, python: Path) -> subprocess.CompletedProcess[str]:
    shutil.copytree(ROOT / "scripts", directory / "scripts")
    return subprocess.run(
        ["scripts/environment.sh", "requirements.txt"],
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
