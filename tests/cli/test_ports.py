"""A port that somebody else listens on is told in one line, before anything is prepared."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.admit import admit
from tests.engines.site import free_ports


@pytest.mark.parametrize("name", ["PORT", "STRIPE_SIMULATOR_PORT"])
@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_newcomer_reads_which_port_is_taken_and_nothing_is_started(
    tmp_path: Path, command: str, name: str
) -> None:
    ports = dict(zip(("PORT", "STRIPE_SIMULATOR_PORT"), map(str, free_ports()), strict=True))

    with somebody_listening_on(int(ports[name])):
        refused = admit(tmp_path, command, **ports)

    assert (refused.returncode, refused.stdout) == (2, "")
    taken = f"another program listens on port {ports[name]} of 127.0.0.1 already"
    assert refused.stderr.splitlines() == [
        "Admit cannot start with these settings:",
        f"  {name}: {taken}. Stop it, or set {name} to a free one.",
    ]
    assert list((tmp_path / "var").glob("*")) == []


def test_an_address_that_this_machine_does_not_have_is_named(tmp_path: Path) -> None:
    refused = admit(tmp_path, "serve", ADMIT_HOST="192.0.2.1", PORT="8000")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[1:] == [
        "  PORT: nothing can listen on port 8000 of 192.0.2.1: Cannot assign requested address."
    ]


@contextmanager
def somebody_listening_on(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield
