"""Where a test may kill the process: the proof that nothing is lost or done twice.

`TEST_CRASH_AT=commit:before:3` ends the process with SIGKILL before its third commit;
`commit:after:n` and `gateway:before:n` / `gateway:after:n` likewise. Refused in production.
"""

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()
"""By the whole process, whatever it has opened so far."""


class CrashPoints:
    def __init__(self, wanted: str = "") -> None:
        self._wanted = wanted

    def before(self, step: str) -> None:
        self._pass(f"{step}:before")

    def after(self, step: str) -> None:
        self._pass(f"{step}:after")

    def _pass(self, point: str) -> None:
        _passed[point] += 1
        if self._wanted == f"{point}:{_passed[point]}":
            os.kill(os.getpid(), signal.SIGKILL)
