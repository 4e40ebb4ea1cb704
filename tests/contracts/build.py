"""Makes the document to check against, from Stripe's own npm package, on first use.

The package and the compiler come by `npm ci` from the lock beside this file (Node from the
PATH or from a wheel); the document lands in `build/` and is made again when its inputs
change. Parallel test workers wait for the first one.
"""

import fcntl
import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.contracts.spec import Spec

HOME = Path(__file__).parent
ROOT = HOME.parent.parent
WITH_NODE = ROOT / "scripts" / "with-node.sh"
BUILD = HOME / "build"
LOCK = HOME / "package-lock.json"
LONGEST_STEP_SECONDS = 240


class ContractUnavailableError(Exception):
    """The check cannot run on this machine; the message says why and what would help."""


@cache
def contract_spec() -> Spec:
    """Raises `ContractUnavailableError` without Node, or when the packages cannot be fetched."""
    return Spec.load(spec_path())


def spec_path() -> Path:
    document = BUILD / f"spec3-{_digest(LOCK, *sorted((HOME / 'derive').glob('*.mjs')))}.json"
    if document.exists():
        return document
    with _one_builder():
        if not document.exists():
            _install()
            _derive(document)
    return document


@contextmanager
def _one_builder() -> Iterator[None]:
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install() -> None:
    mark = HOME / "node_modules" / f".installed-{_digest(LOCK)}"
    if not mark.exists():
        _run("npm", "--prefix", str(HOME), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        mark.touch()


def _derive(document: Path) -> None:
    for stale in BUILD.glob("spec3*"):
        stale.unlink()
    _run("node", str(HOME / "derive" / "main.mjs"), str(document))


def _run(*command: str) -> None:
    try:
        subprocess.run(
            [WITH_NODE, *command],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            timeout=LONGEST_STEP_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout)[-2000:]
        raise ContractUnavailableError(f"`{' '.join(command)}` failed:\n{said}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ContractUnavailableError(f"`{' '.join(command)}` failed: {error}") from error


def _digest(*inputs: Path) -> str:
    hashed = hashlib.sha256()
    for file in inputs:
        hashed.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return hashed.hexdigest()[:16]
