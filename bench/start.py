"""`cold start` and `idle memory` of `admit serve` with a prepared data folder."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.rows import Row
from bench.servers import free_port, serving

ROUNDS = 5
AIM_SECONDS = 2.0
AIM_MEGABYTES = 150.0
SETTLES_AFTER = 3.0


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        _start(Path(folder))
        starts = [_start(Path(folder)) for _ in range(ROUNDS)]
    seconds = statistics.median(start for start, _ in starts)
    megabytes = statistics.median(memory for _, memory in starts)
    return [
        Row.against("cold start", seconds, "s", limit=AIM_SECONDS),
        Row.against("idle memory", megabytes, "MB", limit=AIM_MEGABYTES),
    ]


def _start(folder: Path) -> tuple[float, float]:
    """Seconds from the start of the process to the first 200, and its memory once it is idle."""
    port = free_port()
    environment = {
        "PORT": str(port),
        "STRIPE_SIMULATOR_PORT": str(free_port()),
        "ADMIT_DATA_DIR": str(folder),
        "LOG_LEVEL": "error",
    }
    command = [str(Path(sys.executable).with_name("admit")), "serve"]
    started = time.perf_counter()
    with serving(command, environment, port=port) as process:
        seconds = time.perf_counter() - started
        time.sleep(SETTLES_AFTER)
        return seconds, resident_megabytes(process)


def resident_megabytes(process: "subprocess.Popen[bytes]") -> float:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not tell a process's memory.")
