"""Rules: what ends sessions, and time, which ends everything."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from admit.accounts.audit.service import Method
from admit.accounts.leaving.service import deactivate, reactivate
from admit.accounts.letters import Letters
from admit.accounts.models import User
from tests.accounts.machine.house_of_one import CRASH, EMAIL, PLACE, HouseOfOne, When
from tests.accounts.machine.model import Once, Window
from tests.accounts.machine.ways_in import may_ask_for_mail
from tests.accounts.mailed import path_in
from tests.accounts.settled import HERE

OTHER_PASSWORDS = ("a heron stands in the rain", "seven bridges over slow water")
JUMPS = (3, 11, 31, 360, 660, 3600, 86400, 15 * 86400)


class Endings(HouseOfOne):
    @rule(place=PLACE, crash=CRASH)
    def signs_out_everywhere_else(self, place: int, crash: When) -> None:
        window = self.window(place)
        lives = window.lives(self.now)
        answer, happened = self.dies(crash, self.at(window).post("/account/devices/others/end"))
        if lives and happened:
            self.model.end_sessions(but=window)
        elif not lives:
            assert answer.headers["location"].startswith("/sign-in")

    @precondition(may_ask_for_mail)
    @rule()
    def forgets_the_password(self) -> None:
        """A later link ends no earlier one: a stranger who asks takes none away from the owner."""
        self.may_mail()
        self.run(self.house.browser().post("/password/reset", email=EMAIL))
        path = path_in(self.run(self.house.newest_mail(EMAIL)), "/password/new/")
        self.model.resets.append(Once(path, self.now + 86400))

    @precondition(lambda self: self.model.resets)
    @rule(place=PLACE, which=st.sampled_from(OTHER_PASSWORDS), crash=CRASH)
    def sets_a_new_password(self, place: int, which: str, crash: When) -> None:
        reset = self.model.resets[place % len(self.model.resets)]
        works, password = reset.works(self.now), f"{which} {self.now:.0f}"
        posted = self.house.browser().post(reset.secret, password=password)
        answer, happened = self.dies(crash, posted)
        assert answer.status_code in {303 if works else 410, 500}
        if works and happened:
            self.model.new_password(password)

    @rule(place=PLACE, which=st.sampled_from(OTHER_PASSWORDS))
    def changes_the_password(self, place: int, which: str) -> None:
        """The session goes on under a new token; every other one is over."""
        window = self.window(place)
        browser, password = self.at(window), f"{which} {self.now:.0f}"
        may = window.is_fresh(self.now)
        typed = {"current_password": self.model.password, "password": password}
        answer = self.run(browser.post("/account/security/password", **typed))
        if may:
            assert answer.headers["location"] == "/account/security"
            self.model.new_password(password, but=window)
            self.goes_on(window, browser.cookies["session"])

    def goes_on(self, window: Window, token: str) -> None:
        """The old token is shown from now on as one of a session that ended."""
        old = Window(window.began, window.last_used, is_ended=True, token=window.token)
        self.model.windows.append(old)
        window.token = token

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
        method = Method.staff
        async with self.house.database.write() as db:
            user = (await db.scalars(select(User).where(User.email == EMAIL))).one()
            if is_open:
                await reactivate(db, letters, user, method=method, caller=HERE, now=now)
            elif user.is_active:
                await deactivate(db, letters, user, method=method, caller=HERE, now=now)

    @rule(seconds=st.sampled_from(JUMPS))
    def time_passes(self, seconds: int) -> None:
        self.wait(seconds)
