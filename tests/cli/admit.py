"""The command as it is typed, in a folder of its own."""

import subprocess
from pathlib import Path

from tests.engines.patience import PATIENCE
from tests.engines.site import ADMIT, environment


def admit(
    directory: Path, *words: str, typed: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ADMIT, *words],
        cwd=directory,
        env=environment(settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
