"""The API as `/openapi.json` describes it, asked by schemathesis in chains of calls."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)
from sqlalchemy import create_engine, text

from admit.accounts.address import address
from admit.accounts.models import User
from admit.core.config import load_settings
from admit.core.ids import new_id
from admit.web import create_app
from admit.wiring import Wiring, wire
from tests.accounts.house import PASSWORD
from tests.accounts.tokens.program import AUTH

EMAIL = "ada@example.com"
GOOD = {
    "sign_in": {"email": EMAIL, "password": PASSWORD, "refresh_token_in": "body"},
    "ask_for_sign_in_code": {"email": EMAIL},
    "sign_up": {
        "email": "eve@example.com",
        "password": "heron over the loud bridge",
        "first_name": "Eve",
        "last_name": "Adams",
    },
}
WRONG = schemathesis.GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    use_after_free,
]


@contextmanager
def served(wiring: Wiring) -> Iterator[str]:
    """The whole application on a port of its own, in a thread; its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(wiring), log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


async def move_in(wiring: Wiring) -> None:
    known = address(EMAIL)
    assert known is not None
    async with wiring.parts.database.write() as db:
        db.add(
            User(
                id=new_id("usr"),
                email=known.email,
                email_key=known.key,
                first_name="Ada",
                last_name="Lovelace",
                password_hash=await wiring.passwords.hash(PASSWORD),
                verified_at=datetime.now(UTC),
                created_at=datetime.now(UTC),
            )
        )


class Entrance:
    """Signs in, at a device that the account knows: the fuzzed sign-ins hold nobody back."""

    def __init__(self, url: str, database_url: str) -> None:
        self.http = httpx2.Client(base_url=url)
        self.engine = create_engine(database_url.replace("+aiosqlite", ""))
        self.device: str | None = None
        self.turn = 0

    def sign_in(self) -> str:
        asked = {"email": EMAIL, "password": PASSWORD, "refresh_token_in": "body"}
        told = self.http.post(f"{AUTH}/sign-in", json={**asked, "device_token": self.device})
        self.device = told.json()["device_token"]
        return str(told.json()["access_token"])

    def begin_anew(self) -> None:
        """Each chain finds the same house, so that one that fails can be asked again."""
        self.turn = 0
        with self.engine.begin() as connection:
            for table in ("sessions", "api_keys", "limit_windows", "verifications"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of ours
            connection.execute(text("DELETE FROM users WHERE email <> :ada"), {"ada": EMAIL})

    def make_right(self, case: Any) -> None:
        """Every second sign-in and sign-up is a good one, so that what follows is asked, too."""
        self.turn += 1
        given = GOOD.get(case.operation.definition.raw["operationId"])
        if given and self.turn % 2 and isinstance(case.body, dict):
            case.body = given


def machine_of(schema: Any, entrance: Entrance) -> Any:
    class Calls(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            entrance.begin_anew()
            self.token = entrance.sign_in()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:  # noqa: ARG002 - its signature
            return {"headers": {"Authorization": f"Bearer {self.token}"}}

        def before_call(self, case: Any) -> None:
            entrance.make_right(case)

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            case.validate_response(response, checks=CHECKS, **more)

    return Calls


def ask_each(schema: Any, entrance: Entrance, *, how: settings) -> None:
    """Every operation by itself, with what its description lets somebody send, and worse."""
    for found in schema.get_all_operations():
        ask(found.ok(), entrance, entrance.sign_in(), how=how)


def ask(operation: Any, entrance: Entrance, token: str, *, how: settings) -> None:
    @how
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=WRONG))
    def once(case: Any) -> None:
        entrance.make_right(case)
        case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})

    once()


async def examine(database_url: str, directory: Path, *, scenarios: int, steps: int) -> None:
    wiring = wire(
        load_settings(
            database_url=database_url,
            admit_data_dir=directory,
            stripe_simulator_url="http://127.0.0.1:9",
            password_hash_memory_kib=19456,
            worker_in_process=False,
        )
    )
    await move_in(wiring)
    await wiring.parts.database.close()
    how = settings(
        max_examples=scenarios,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with served(wiring) as url:
        entrance = Entrance(url, database_url)
        schema = schemathesis.openapi.from_url(f"{url}/openapi.json").include(
            path_regex=f"^({AUTH}/|/.well-known/)"
        )
        try:
            ask_each(schema, entrance, how=how)
            machine_of(schema, entrance).run(settings=how)
        finally:
            entrance.http.close()
            entrance.engine.dispose()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_no_chain_of_calls_ends_in_a_fault_or_an_undescribed_answer(
    database_url: str, tmp_path: Path
) -> None:
    await examine(database_url, tmp_path, scenarios=5, steps=6)


@pytest.mark.long
async def test_no_long_chain_of_calls_does_either(database_url: str, tmp_path: Path) -> None:
    await examine(database_url, tmp_path, scenarios=12, steps=12)
