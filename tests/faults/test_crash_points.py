"""The trap itself: it counts what the whole process does, and springs once, where it was set."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from admit.core.faults import CrashPoints

def do(points, step):
    points.before(step)
    print(step, flush=True)
    points.after(step)

preparing, serving = CrashPoints(sys.argv[1]), CrashPoints(sys.argv[1])
do(preparing, "commit")
do(serving, "gateway")
do(serving, "commit")
do(serving, "gateway")
"""
ALL = ["commit", "gateway", "commit", "gateway"]


@pytest.mark.parametrize(
    ("wanted", "done"),
    [
        ("commit:before:1", []),
        ("commit:after:1", ["commit"]),
        ("gateway:before:1", ["commit"]),
        ("commit:before:2", ["commit", "gateway"]),
        ("gateway:after:2", ALL),
    ],
)
def test_the_process_dies_at_the_step_that_was_named(wanted: str, done: list[str]) -> None:
    ended = run(wanted)

    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout.split() == done


@pytest.mark.parametrize("wanted", ["", "commit:before:3", "gateway:after:3", "rollback:before:1"])
def test_the_process_lives_when_it_never_comes_there(wanted: str) -> None:
    ended = run(wanted)

    assert ended.returncode == 0
    assert ended.stdout.split() == ALL


def run(wanted: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, wanted], capture_output=True, text=True, check=False
    )
