"""Where a test may kill the process: the proof that nothing is lost or done twice.

`TEST_CRASH_AT=commit:before:3` ends the process with SIGKILL before its third commit;
`commit:after:n` and `gateway:before:n` / `gateway:after:n` likewise. Refused in production.
"""

import os
import signal
from collections import Counter


class CrashPoints:
    def __init__(self, wanted: str = "") -> None:
        self._wanted = wanted
        self._passed: Counter[str] = Counter()

    def before(self, step: str) -> None:
        self._passed[step] += 1
        self._kill_if(f"{step}:before:{self._passed[step]}")

    def after(self, step: str) -> None:
        self._kill_if(f"{step}:after:{self._passed[step]}")

    def _kill_if(self, here: str) -> None:
        if self._wanted == here:
            os.kill(os.getpid(), signal.SIGKILL)
