"""How long a refusal takes tells nothing about who has an account (SECURITY S11).

A clock is a bad witness on a busy machine, so what takes the time is counted here; `make bench`
measures it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from sqlalchemy import event

from admit.accounts.password.service import LANES, TIME_COST, Passwords
from tests.accounts.house import Browser, House

WRONG = "not the right bridge"
KNOWN = ("with-password@example.com", "unconfirmed@example.com", "without-password@example.com")
UNKNOWN = ("nobody@example.com", "no-one-either@example.com")

Work = list[str | Parameters]
"""Each statement, the end of each transaction and each hash, in the order in which they come."""


class SeenHasher:
    """Notes what each password is held against, and how much work that is."""

    def __init__(self, hasher: PasswordHasher, seen: Work) -> None:
        self._hasher, self._seen = hasher, seen

    def verify(self, password_hash: str, password: bytes) -> bool:
        self._seen.append(extract_parameters(password_hash))
        return self._hasher.verify(password_hash, password)


class SeenPasswords(Passwords):
    def __init__(self, seen: Work, *, memory_kib: int) -> None:
        super().__init__(memory_kib=memory_kib)
        self._hasher = SeenHasher(self._hasher, seen)  # type: ignore[assignment]


@pytest.mark.parametrize("stranger", ["never seen", "with a device of its own"])
async def test_s11_refusing_a_known_and_an_unknown_address_is_the_same_work(
    house: House, stranger: str
) -> None:
    """S11: the same statements, transactions and Argon2 parameters, whoever is asked about."""
    for email in KNOWN:
        await house.browser().sign_up(email)
    await house.browser().confirm(KNOWN[0])
    await house.execute("UPDATE users SET password_hash = NULL WHERE email_key = :it", it=KNOWN[2])
    browser = house.browser()
    if stranger == "with a device of its own":
        browser = await house.person("stranger@example.com")
        await browser.post("/sign-out")

    works = {email: await work(house, browser, email) for email in (*KNOWN, *UNKNOWN)}

    (hashed,) = [done for done in works[UNKNOWN[0]] if isinstance(done, Parameters)]
    assert (hashed.memory_cost, hashed.time_cost, hashed.parallelism) == (19456, TIME_COST, LANES)
    assert works[UNKNOWN[0]].count("COMMIT") == 2
    assert any("UPDATE users" in str(done) for done in works[UNKNOWN[0]])
    assert works == dict.fromkeys(works, works[UNKNOWN[0]])


async def work(house: House, browser: Browser, email: str) -> Work:
    seen: Work = []
    house.app.state.passwords = SeenPasswords(seen, memory_kib=19456)
    with watched(house, seen):
        answer = await browser.sign_in(email, WRONG)
    assert answer.status_code == 422
    return seen


@contextmanager
def watched(house: House, seen: Work) -> Iterator[None]:
    def statement(_c: object, _cursor: object, sql: str, *_: object) -> None:
        seen.append(sql)

    def commit(_c: object) -> None:
        seen.append("COMMIT")

    def rollback(_c: object) -> None:
        seen.append("ROLLBACK")

    ears: dict[str, Callable[..., None]] = {
        "before_cursor_execute": statement,
        "commit": commit,
        "rollback": rollback,
    }
    engines = {house.database.reader.sync_engine, house.database.writer.sync_engine}
    for engine in engines:
        for name, hear in ears.items():
            event.listen(engine, name, hear)
    try:
        yield
    finally:
        for engine in engines:
            for name, hear in ears.items():
                event.remove(engine, name, hear)
