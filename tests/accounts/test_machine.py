"""An account lives through anything, in any order, beside a small model of it.

A dead credential never works, and a live one is never lost: after every step each credential that
was ever given out is shown again.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jinja2 import Environment
from sqlalchemy import select

from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.leaving.service import deactivate, reactivate
from admit.accounts.letters import Letters
from admit.accounts.models import User
from tests.accounts.house import PASSWORD, Browser, House, code_in, open_house
from tests.accounts.machine_model import Account, App, Key, Once, Session, Window
from tests.accounts.mailed import path_in
from tests.accounts.second_step import Protected, protects_the_account
from tests.accounts.tokens.program import Program, program
from tests.engines.databases import NewDatabase

EMAIL = "ada@example.com"
OTHER_PASSWORDS = ("a heron stands in the rain", "seven bridges over slow water")
JUMPS = (3, 11, 31, 360, 660, 3600, 86400, 15 * 86400)
MOST = 4
"""Of a kind: more of the same show nothing new."""
PLACE = st.integers(0, MOST - 1)
Result = TypeVar("Result")


class AccountMachine(RuleBasedStateMachine):
    new_database: NewDatabase
    templates: Environment

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.things = AsyncExitStack()
        self.house: House = self.run(self.move_in())
        self.protected: Protected | None = None
        self.model = Account(PASSWORD)
        self.mails = 0
        self.run(self.register())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    async def move_in(self) -> House:
        url = self.things.enter_context(self.new_database())
        return await self.things.enter_async_context(open_house(url, self.templates))

    def teardown(self) -> None:
        self.run(self.things.aclose())
        self.runner.close()

    @property
    def now(self) -> float:
        return self.house.clock.wall().timestamp()

    async def register(self) -> None:
        ada = await self.house.person(EMAIL)
        self.keep_window(ada)

    def keep_window(self, browser: Browser) -> None:
        now = self.now
        self.model.windows.append(Window(now, now, token=browser.cookies["session"]))

    def keep_app(self, found: Program) -> None:
        now = self.now
        chain: list[str | None] = [found.refresh_token]
        new = App(now, now, access=found.access, access_made=now, chain=chain, newest_since=now)
        self.model.apps.append(new)

    # ---------------------------------------------------------------- ways in

    @precondition(lambda self: len(self.model.windows) < MOST)
    @rule(right=st.booleans())
    def signs_in_at_a_browser(self, *, right: bool) -> None:
        browser = self.house.browser()
        password = self.model.password if right else "not the password of ada"
        answer = self.run(browser.sign_in(EMAIL, password))
        if right and self.model.is_active:
            answer = self.run(self.second_step(browser)) if self.protected else answer
            assert answer.headers["location"] == "/account"
            self.keep_window(browser)
        else:
            assert answer.status_code in {422, 429}

    async def second_step(self, browser: Browser) -> Any:
        self.house.clock.move(timedelta(seconds=30))
        assert self.protected is not None
        return await browser.post("/sign-in/2fa", code=self.protected.code())

    @precondition(lambda self: len(self.model.apps) < MOST)
    @rule()
    def signs_in_a_program(self) -> None:
        found = program(self.house)
        answer = self.run(found.sign_in(EMAIL, self.model.password))
        self.comes_in(found, answer, may=self.model.is_active)

    def comes_in(self, found: Program, answer: Any, *, may: bool) -> None:
        """Through the second step, when the account has one."""
        if not may:
            assert answer.status_code == 401
            return
        assert answer.status_code == 200, answer.text
        if self.protected is not None:
            self.house.clock.move(timedelta(seconds=30))
            assert answer.json()["status"] == "second_factor_needed"
            entered = {
                "sign_in_token": answer.json()["sign_in_token"],
                "code": self.protected.code(),
                "refresh_token_in": "body",
            }
            assert found.keep(self.run(found.post("sign-in/second-factor", entered))).is_success
        self.keep_app(found)

    @precondition(lambda self: self.mails < MOST and self.model.is_active)
    @rule()
    def asks_for_a_code(self) -> None:
        self.house.clock.move(timedelta(seconds=61))
        self.mails += 1
        answer = self.run(program(self.house).post("sign-in/code", {"email": EMAIL}))
        assert answer.status_code == 202
        code = code_in(self.run(self.house.newest_mail(EMAIL)))
        # Each program has a code of its own; asking at another one ends none.
        self.model.codes.append(Once(code, self.now + 600, answer.json()["code_token"]))

    @precondition(lambda self: self.model.codes and len(self.model.apps) < MOST)
    @rule(place=PLACE)
    def enters_a_code(self, place: int) -> None:
        code = self.model.codes[place % len(self.model.codes)]
        found, may = program(self.house), code.works(self.now) and self.model.is_active
        entered = {"code_token": code.holder, "code": code.secret, "refresh_token_in": "body"}
        answer = found.keep(self.run(found.post("sign-in/code/entry", entered)))
        code.is_dead = True
        self.comes_in(found, answer, may=may)

    # ---------------------------------------------------------------- tokens

    @precondition(lambda self: self.model.apps)
    @rule(place=PLACE, back=st.integers(0, 2), is_lost=st.booleans())
    def refreshes(self, place: int, back: int, *, is_lost: bool) -> None:
        """With the newest token that is known, or an older one; the answer may get lost."""
        app, now = self.model.apps[place % len(self.model.apps)], self.now
        known = [number for number, token in enumerate(app.chain) if token is not None]
        at = known[max(len(known) - 1 - back, 0)]
        newest = len(app.chain) - 1
        answers = app.refresh_answers(at, now)

        answer = self.run(program(self.house).refresh(app.chain[at]))

        assert answer.status_code == (200 if answers else 401)
        if not answers:
            return
        if at == newest:
            app.chain.append(None)
            app.newest_since = app.last_used = now
        if not is_lost:
            told = answer.json()
            assert app.chain[-1] in {None, told["refresh_token"]}
            app.chain[-1], app.access, app.access_made = (
                told["refresh_token"],
                told["access_token"],
                now,
            )

    @precondition(lambda self: self.model.apps and len(self.model.keys) < MOST)
    @rule(place=PLACE, days=st.sampled_from([1, 14, None]))
    def makes_a_key(self, place: int, days: int | None) -> None:
        app, now = self.model.apps[place % len(self.model.apps)], self.now
        found = Program(program(self.house).http, app.access)
        wish = {"name": "Key", "scopes": ["account:read"], "expires_in_days": days}
        answer = self.run(found.post("api-keys", wish))
        if not app.access_works(now):
            assert answer.status_code == 401
        elif now - app.began > 300:
            assert answer.json()["code"] == "reauth_required"
        else:
            ends_at = None if days is None else now + days * 86400
            self.model.keys.append(Key(answer.json()["key"], ends_at))

    # ---------------------------------------------------------------- ends

    @precondition(lambda self: self.model.apps)
    @rule(place=PLACE)
    def signs_a_program_out(self, place: int) -> None:
        app, now = self.model.apps[place % len(self.model.apps)], self.now
        works = app.access_works(now)
        answer = self.run(Program(program(self.house).http, app.access).post("sign-out"))
        assert answer.status_code == (204 if works else 401)
        app.is_ended = app.is_ended or works

    @rule(place=PLACE)
    def signs_out_everywhere_else(self, place: int) -> None:
        window, now = self.model.windows[place % len(self.model.windows)], self.now
        answer = self.run(self.at(window).post("/account/devices/others/end"))
        if window.lives(now):
            assert answer.headers["location"] == "/account/devices"
            self.model.end_sessions(but=window)
        else:
            assert answer.headers["location"].startswith("/sign-in")

    @precondition(lambda self: self.mails < MOST and self.model.is_active)
    @rule()
    def forgets_the_password(self) -> None:
        self.house.clock.move(timedelta(seconds=61))
        self.mails += 1
        self.run(self.house.browser().post("/password/reset", email=EMAIL))
        path = path_in(self.run(self.house.newest_mail(EMAIL)), "/password/new/")
        # A later link ends no earlier one: a stranger who asks must not take the owner's away.
        self.model.resets.append(Once(path, self.now + 86400))

    @precondition(lambda self: self.model.resets)
    @rule(place=PLACE, which=st.sampled_from(OTHER_PASSWORDS))
    def sets_a_new_password(self, place: int, which: str) -> None:
        reset = self.model.resets[place % len(self.model.resets)]
        works = reset.works(self.now)
        password = f"{which} {len(self.model.resets)}"
        answer = self.run(self.house.browser().post(reset.secret, password=password))
        assert answer.status_code == (303 if works else 410)
        if works:
            self.model.password = password
            self.model.spend_all(of=self.model.resets)
            self.model.end_sessions()

    @precondition(lambda self: self.protected is None and self.model.windows)
    @rule(place=PLACE)
    def turns_the_second_step_on(self, place: int) -> None:
        window = self.model.windows[place % len(self.model.windows)]
        if window.lives(self.now) and self.now - window.began < 300:
            self.protected = self.run(protects_the_account(self.at(window), EMAIL))

    @rule(is_open=st.booleans())
    def is_deactivated_or_opened_again(self, *, is_open: bool) -> None:
        self.run(self.set_open(is_open=is_open))
        if is_open:
            self.model.is_active = True
        else:
            self.model.close()

    async def set_open(self, *, is_open: bool) -> None:
        parts, now = self.house.parts, self.house.clock.wall()
        letters = Letters(parts.templates, parts.vault, "Admit", parts.settings.public_url)
        caller = Caller("192.0.2.1", "test")
        async with self.house.database.write() as db:
            user = (await db.scalars(select(User))).one()
            if is_open:
                await reactivate(db, letters, user, method=Method.staff, caller=caller, now=now)
            elif user.is_active:
                await deactivate(db, letters, user, method=Method.staff, caller=caller, now=now)

    @rule(seconds=st.sampled_from(JUMPS))
    def time_passes(self, seconds: int) -> None:
        self.house.clock.move(timedelta(seconds=seconds))

    # ---------------------------------------------------------------- what must always hold

    @invariant()
    def every_credential_works_as_long_as_it_lives_and_not_longer(self) -> None:
        self.run(self.show_all())

    async def show_all(self) -> None:
        now, shower = self.now, program(self.house)
        for window in self.model.windows:
            here = await self.at(window).whoami() is not None
            self.agree(window, here, says=window.lives(now), now=now)
        for app in self.model.apps:
            works = await shower.status(app.access) == 200
            self.agree(app, works, says=app.access_works(now), now=now)
        for key in self.model.keys:
            works = await shower.status(key.token) == 200
            assert works == (key.works(now) and self.model.is_active)

    def agree(self, session: Session, works: bool, *, says: bool, now: float) -> None:
        assert works == says, session
        if works and now - session.last_used >= 60:
            session.last_used = now

    def at(self, window: Window) -> Browser:
        browser = self.house.browser()
        browser.http.cookies.set("session", window.token, domain="127.0.0.1")
        return browser


def live(database: NewDatabase, templates: Environment, *, lives: int, steps: int) -> None:
    kind = type(
        "Life", (AccountMachine,), {"new_database": staticmethod(database), "templates": templates}
    )
    how = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(kind, settings=how)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_short_life_of_an_account(new_database: NewDatabase, templates: Environment) -> None:
    live(new_database, templates, lives=4, steps=15)


@pytest.mark.long
def test_long_lives_of_an_account(new_database: NewDatabase, templates: Environment) -> None:
    live(new_database, templates, lives=10, steps=40)
