"""Where the machine of an account lives: a house, what it does there, and what goes wrong."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Literal, TypeVar

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from jinja2 import Environment

from admit.core.faults import CrashPoints
from tests.accounts.house import PASSWORD, Browser, House, open_house
from tests.accounts.machine.model import Account, App, Window
from tests.accounts.second_step import Protected
from tests.accounts.tokens.program import Program, program
from tests.engines.databases import NewDatabase

EMAIL = "ada@example.com"
MOST = 4
"""Of a kind: more of the same show nothing new."""
PLACE = st.integers(0, MOST - 1)
CRASH = st.sampled_from([None, None, "before", "after"])
"""Where the request that follows dies: before its commit, or between commit and answer."""
When = Literal["before", "after"] | None
Result = TypeVar("Result")


class Stumbling(CrashPoints):
    """Instead of killing the process the next commit fails, before it is made or once it was."""

    at: When = None

    def before(self, step: str) -> None:
        self._stumble("before", step)

    def after(self, step: str) -> None:
        self._stumble("after", step)

    def _stumble(self, when: When, step: str) -> None:
        if self.at == when:
            self.at = None
            raise RuntimeError(f"Died {when} its {step}.")


class HouseOfOne(RuleBasedStateMachine):
    new_database: NewDatabase
    templates: Environment
    house_settings: Mapping[str, str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.things = AsyncExitStack()
        self.stumbling = Stumbling()
        self.house: House = self.run(self.move_in())
        self.protected: Protected | None = None
        self.model = Account(PASSWORD)
        self.mails = 0
        self.keep_window(self.run(self.house.person(EMAIL)))

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    async def move_in(self) -> House:
        url = self.things.enter_context(self.new_database())
        opened = open_house(url, self.templates, crash_points=self.stumbling, **self.house_settings)
        return await self.things.enter_async_context(opened)

    def teardown(self) -> None:
        self.run(self.things.aclose())
        self.runner.close()

    @property
    def now(self) -> float:
        return self.house.clock.wall().timestamp()

    def wait(self, seconds: int) -> None:
        self.house.clock.move(timedelta(seconds=seconds))

    def dies(
        self, when: When, work: Coroutine[Any, Any, httpx2.Response]
    ) -> tuple[httpx2.Response, bool]:
        """The answer, and whether what was asked for has happened."""
        self.stumbling.at = when
        answer = self.run(work)
        died = when is not None and self.stumbling.at is None
        self.stumbling.at = None
        assert (answer.status_code == 500) == died
        return answer, not (died and when == "before")

    # ---------------------------------------------------------------- who is in

    def window(self, place: int) -> Window:
        return self.model.windows[place % len(self.model.windows)]

    def at(self, window: Window) -> Browser:
        browser = self.house.browser()
        browser.http.cookies.set("session", window.token, domain="127.0.0.1")
        return browser

    def keep_window(self, browser: Browser) -> None:
        now = self.now
        self.model.windows.append(Window(now, now, token=browser.cookies["session"]))

    def keep_app(self, found: Program) -> None:
        now = self.now
        chain: list[str | None] = [found.refresh_token]
        new = App(now, now, access=found.access, access_made=now, chain=chain, newest_since=now)
        self.model.apps.append(new)

    def comes_in(
        self, browser: Browser, answer: httpx2.Response, *, may: bool, as_two: bool = False
    ) -> None:
        """At a browser, through the second step when the account has one."""
        if may and self.protected is not None and not as_two:
            assert answer.headers["location"] == "/sign-in/2fa"
            self.wait(30)
            self.run(browser.post("/sign-in/2fa", code=self.protected.code()))
        is_in = self.run(browser.whoami()) is not None
        assert is_in == may
        if is_in:
            self.keep_window(browser)

    def program_comes_in(self, found: Program, answer: httpx2.Response, *, may: bool) -> None:
        if not may:
            assert answer.status_code == 401
            return
        assert answer.status_code == 200, answer.text
        if self.protected is not None:
            self.wait(30)
            assert answer.json()["status"] == "second_factor_needed"
            entered = {
                "sign_in_token": answer.json()["sign_in_token"],
                "code": self.protected.code(),
                "refresh_token_in": "body",
            }
            assert found.keep(self.run(found.post("sign-in/second-factor", entered))).is_success
        self.keep_app(found)

    def program(self, access: str = "") -> Program:
        return Program(program(self.house).http, access)

    def may_mail(self) -> None:
        """A minute after the last one, and counted."""
        self.wait(61)
        self.mails += 1
