"""What is open to somebody, signed: the verifier of docs/access.md reads it, nobody else does."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jws
from joserfc.errors import JoseError

from admit.accounts.tokens.keys import rotate
from tests.access.holders import Holder, add_key, holder
from tests.engines.served import served
from tests.engines.site import free_ports
from tests.pages.rooms import Rooms, open_rooms
from tests.shape.files import ROOT

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

TOKEN = "/api/v1/access/token"
ME = "https://reports.example.com"
Verifier = Callable[[str], dict[str, int | None]]


@dataclass(frozen=True)
class There:
    """Admit on a port, and the service that reads its tokens as the document says."""

    rooms: Rooms
    features_in: Verifier

    async def reads(self, token: str) -> dict[str, int | None] | None:
        try:
            return await asyncio.to_thread(self.features_in, token)
        except (JoseError, ValueError):
            return None


def verifier(origin: str) -> Verifier:
    document = (ROOT / "docs" / "access.md").read_text()
    (block,) = re.findall(r"```python\n(import json\n.+?)```", document, flags=re.DOTALL)
    assert len(block.strip().splitlines()) <= 20
    names: dict[str, Any] = {}
    exec(block.replace("https://admit.example.com", origin), names)  # noqa: S102 - of our document
    found: Verifier = names["features_in"]
    return found


@asynccontextmanager
async def opened(database_url: str, folder: Path) -> AsyncIterator[There]:
    port, _ = free_ports()
    origin = f"http://127.0.0.1:{port}"
    async with (
        open_rooms(database_url, folder, admit_public_url=origin) as rooms,
        served(rooms.app, port=port),
    ):
        yield There(rooms, verifier(origin))


async def asks(person: Holder, audience: str = ME, token: str | None = None) -> httpx2.Response:
    headers = {"authorization": f"Bearer {token or person.token}"}
    return await person.client.post(TOKEN, json={"audience": audience}, headers=headers)


async def test_another_service_reads_what_is_open_without_a_call(
    database_url: str, tmp_path: Path
) -> None:
    async with opened(database_url, tmp_path) as there:
        rooms = there.rooms
        ada = await holder(rooms)
        await rooms.open(ada.user, "premium", limit=3)
        _, browser = await rooms.person("eve")

        made = await asks(ada)
        token = made.json()["token"]
        by_key = await asks(ada, token=await add_key(rooms, ada.user, "access:read"))
        by_cookie = await browser.post(TOKEN, json={"audience": ME})
        for_others = (await asks(ada, "https://other.example.com")).json()["token"]
        async with rooms.database.write() as db:
            await rotate(db, rooms.wiring.parts.vault, at_once=False, now=datetime.now(UTC))
        read = await there.reads(token)
        after_rotation = await there.reads((await asks(ada)).json()["token"])
        refused = [
            await there.reads(wrong) for wrong in (for_others, ada.token, token[:-4] + "AAAA")
        ]
        opens_here = await ada.status(token)
        async with rooms.database.write() as db:
            await rotate(db, rooms.wiring.parts.vault, at_once=True, now=datetime.now(UTC))
        distrusted = await there.reads(token)

    header = jws.extract_compact(token.encode()).headers()
    assert (made.json()["expires_in"], header["typ"]) == (300, "admit-access+jwt")
    assert read == after_rotation == {"community": None, "premium": 3}
    assert (by_key.status_code, by_cookie.status_code) == (200, 200)
    assert refused == [None, None, None]
    assert opens_here == 401
    assert distrusted is None


async def test_a_token_ends_before_anything_that_it_says(rooms: Rooms) -> None:
    ada = await holder(rooms)
    now = rooms.wiring.parts.clock.business()
    lives = []
    for minutes in (10, 2):
        await rooms.open(ada.user, "premium", until=now + timedelta(minutes=minutes))
        lives.append((await asks(ada)).json()["expires_in"])

    assert lives[0] == 300
    assert 60 < lives[1] <= 120


async def test_only_a_signed_in_person_gets_one_and_names_who_reads_it(rooms: Rooms) -> None:
    ada = await holder(rooms)
    other = await add_key(rooms, ada.user, "account:read")
    origin = rooms.wiring.parts.settings.public_url

    nobody = await rooms.browser().post(TOKEN, json={"audience": ME})
    refused = [await asks(ada, wrong) for wrong in ("", "a b", "x" * 201, f"{origin}/api", origin)]

    assert (nobody.status_code, (await asks(ada, token=other)).status_code) == (401, 403)
    assert {answer.status_code for answer in refused} == {422}
    assert {tuple(answer.json()["errors"]) for answer in refused} == {("audience",)}
