"""Servers to measure: each in a process of its own, listening before it is asked."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx2

PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: list[str], environment: Mapping[str, str], *, port: int, path: str = "/healthz"
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("BENCH_DEBUG") else subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}{path}", process)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> float:
    """Seconds until the first 200."""
    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE:
        if process.poll() is not None:
            raise RuntimeError(f"The server for {url} ended by itself.")
        try:
            if httpx2.get(url, timeout=1).status_code == 200:
                return time.perf_counter() - started
        except httpx2.TransportError:
            time.sleep(0.01)
    raise RuntimeError(f"No answer from {url}.")


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
