"""One store after the other is gone: nobody is let in by mistake, and nothing is told of it (S60).

Everything is in the one database; a table that is gone stands for a store that does not answer.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2

from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import PASSWORD, Browser, House
from tests.accounts.second_step import Protected, enter, next_step, protected
from tests.accounts.settled import settled
from tests.accounts.tokens.program import program

BEA = "bea@example.com"
STORES = (
    *("users", "profiles", "sessions", "sign_in_attempts", "limit_windows", "security_events"),
    *("known_devices", "totp_apps", "recovery_codes", "mailed_codes", "verifications"),
    *("password_resets", "refresh_tokens", "signing_keys", "mails", "events"),
)
GIVES_AWAY = ("Traceback", "sqlite", "SELECT", "INSERT", "no such table")
TOLD_AND_LIMITED = {"users", "limit_windows", "security_events"}
MAILED = {*TOLD_AND_LIMITED, "mails", "events"}
NEEDED: Mapping[str, set[str]] = {
    "a session": {"users", "sessions", "profiles"},
    "the password": {*TOLD_AND_LIMITED, "sign_in_attempts"},
    "the second step": {*TOLD_AND_LIMITED, "sign_in_attempts", "totp_apps", "sessions"},
    "a program": {*TOLD_AND_LIMITED, "sessions", "refresh_tokens", "signing_keys"},
    "a mailed code": {*MAILED, "mailed_codes"},
    "a forgotten password": {*MAILED, "password_resets"},
    "signing up": {*MAILED, "verifications", "profiles"},
}
"""What each cannot do without: it answers 503, and nothing of it has happened."""


@ON_SQLITE
async def test_s60_whichever_store_is_down_nobody_gets_in_by_it_and_nothing_is_told(
    house: House,
) -> None:
    ada = await protected(house)
    await settled(house, BEA)
    failed, wrong = set(), []
    for store in STORES:
        house.clock.move(timedelta(minutes=1))
        half, stranger = await ada.passes_password(), house.browser()
        async with gone(house, store):
            answers = await every_way(ada, half, stranger, newcomer=f"{store}@example.com")
        for name, answer in answers.items():
            wrong += [(store, name, word) for word in GIVES_AWAY if word in answer.text]
            if answer.status_code == 503:
                failed.add((name, store))
            elif answer.status_code >= 500:
                wrong.append((store, name, str(answer.status_code)))
        # By the password alone she is never in, whatever did not answer.
        assert (store, await stranger.whoami()) == (store, None)
        assert (store, await half.whoami() is None) == (store, ("the second step", store) in failed)

    assert wrong == []
    assert failed >= {(name, store) for name, stores in NEEDED.items() for store in stores}


@asynccontextmanager
async def gone(house: House, store: str) -> AsyncIterator[None]:
    await house.execute("DELETE FROM limit_windows")
    await house.execute(f"ALTER TABLE {store} RENAME TO gone")
    yield
    await house.execute(f"ALTER TABLE gone RENAME TO {store}")


async def every_way(
    ada: Protected, half: Browser, stranger: Browser, *, newcomer: str
) -> Mapping[str, httpx2.Response]:
    house = ada.house
    return {
        "a session": await ada.browser.get("/for-verified"),
        "the password": await stranger.sign_in(ada.email, PASSWORD),
        "the second step": await enter(half, code=next_step(ada)),
        "a program": await program(house).sign_in(BEA, PASSWORD),
        "a mailed code": await house.browser().post("/sign-in/code", email=BEA),
        "a forgotten password": await house.browser().post("/password/reset", email=BEA),
        "signing up": await house.browser().sign_up(newcomer),
    }
