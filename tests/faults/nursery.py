"""`admit serve` as a process that is there at once: forked from one that has imported everything.

What it imports is imported by name alone, so that nothing of the tests comes along.
"""

import os
import sys
from pathlib import Path


def serve(directory: Path, settings: dict[str, str]) -> None:
    from admit.cli import main

    os.chdir(directory)
    os.environ.update(settings)
    with (directory / "output.log").open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    sys.argv = ["admit", "serve"]
    main()
