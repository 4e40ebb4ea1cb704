"""Rules: in by every way there is, and ways that are added and taken off."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from admit.accounts.passkeys.models import Passkey as PasskeyRow
from tests.accounts.house import Browser, code_in
from tests.accounts.machine.house_of_one import CRASH, EMAIL, MOST, PLACE, HouseOfOne, When
from tests.accounts.machine.model import Once, Passkey
from tests.accounts.oauth.travel import allow, comes_from
from tests.accounts.passkeys.steps import PAGE, adds, asked
from tests.accounts.second_step import protects_the_account, sign_in_link_in
from tests.accounts.tokens.program import Program, without_origin

GITHUB = "/account/security/connections/github"


def has_room(machine: HouseOfOne) -> bool:
    return len(machine.model.windows) < MOST


def has_room_for_an_app(machine: HouseOfOne) -> bool:
    return len(machine.model.apps) < MOST


def may_ask_for_mail(machine: HouseOfOne) -> bool:
    return machine.mails < MOST and machine.model.is_active


class WaysIn(HouseOfOne):
    @precondition(has_room)
    @rule(right=st.booleans())
    def signs_in_at_a_browser(self, *, right: bool) -> None:
        browser = self.with_tries_left()
        password = self.model.password if right else "not the password of ada"
        answer = self.run(browser.sign_in(EMAIL, password))
        self.comes_in(browser, answer, may=right and self.model.is_active)

    @precondition(has_room_for_an_app)
    @rule()
    def signs_in_a_program(self) -> None:
        found = Program(without_origin(self.with_tries_left()))
        answer = self.run(found.sign_in(EMAIL, self.model.password))
        self.program_comes_in(found, answer, may=self.model.is_active)

    def with_tries_left(self) -> Browser:
        """Whether guessing is held back is another story: `tests/accounts/limits`."""
        self.run(self.house.execute("DELETE FROM limit_windows"))
        return self.house.browser()

    @precondition(may_ask_for_mail)
    @rule(by_link=st.booleans())
    def asks_for_a_mail(self, *, by_link: bool) -> None:
        """Each program has a code of its own; asking at another one ends none."""
        self.may_mail()
        answer = self.run(self.program().post("sign-in/code", {"email": EMAIL}))
        mail = self.run(self.house.newest_mail(EMAIL))
        if by_link:
            self.model.links.append(Once(sign_in_link_in(mail), self.now + 900))
        else:
            token = answer.json()["code_token"]
            self.model.codes.append(Once(code_in(mail), self.now + 600, token))

    @precondition(lambda self: self.model.codes and has_room_for_an_app(self))
    @rule(place=PLACE)
    def enters_a_code(self, place: int) -> None:
        code = self.model.codes[place % len(self.model.codes)]
        found, may = self.program(), code.works(self.now) and self.model.is_active
        entered = {"code_token": code.holder, "code": code.secret, "refresh_token_in": "body"}
        answer = found.keep(self.run(found.post("sign-in/code/entry", entered)))
        code.is_dead = True
        self.program_comes_in(found, answer, may=may)

    @precondition(lambda self: self.model.links and has_room(self))
    @rule(place=PLACE, crash=CRASH)
    def follows_a_link(self, place: int, crash: When) -> None:
        link, browser = self.model.links[place % len(self.model.links)], self.house.browser()
        may = link.works(self.now) and self.model.is_active
        self.run(browser.get(link.secret))
        answer, happened = self.dies(crash, browser.post(link.secret))
        link.is_dead = link.is_dead or (may and happened)
        if answer.status_code != 500:
            self.comes_in(browser, answer, may=may)

    # ---------------------------------------------------------------- GitHub

    @precondition(lambda self: not self.model.comes_from_github)
    @rule(place=PLACE, crash=CRASH)
    def connects_github(self, place: int, crash: When) -> None:
        window = self.window(place)
        browser, may = self.at(window), window.is_fresh(self.now)
        begun = self.run(browser.post(GITHUB))
        assert begun.headers["location"].startswith("/sign-in") != may
        if not may:
            return
        back = self.run(allow(begun.headers["location"]))
        answer, _ = self.dies(crash, browser.get(back))
        # At the first of its two commits only the way there is over.
        self.model.comes_from_github = answer.status_code == 303

    @precondition(has_room)
    @rule()
    def comes_from_github(self) -> None:
        browser = self.house.browser()
        answer = self.run(comes_from(browser, "github"))
        self.comes_in(browser, answer, may=self.model.comes_from_github and self.model.is_active)

    @precondition(lambda self: self.model.comes_from_github)
    @rule(place=PLACE, crash=CRASH)
    def takes_github_off(self, place: int, crash: When) -> None:
        window = self.window(place)
        may = window.is_fresh(self.now)
        _, happened = self.dies(crash, self.at(window).post(f"{GITHUB}/disconnect"))
        self.model.comes_from_github = not (may and happened)

    # ---------------------------------------------------------------- passkeys

    @precondition(lambda self: len(self.model.passkeys) < MOST)
    @rule(place=PLACE)
    def adds_a_passkey(self, place: int) -> None:
        window = self.window(place)
        if window.is_fresh(self.now):
            device = self.run(adds(self.at(window)))
            newest = max(self.run(self.house.rows(PasskeyRow)), key=lambda row: row.id)
            self.model.passkeys.append(Passkey(device, newest.id))

    @precondition(lambda self: self.model.passkeys and has_room(self))
    @rule(place=PLACE)
    def comes_by_passkey(self, place: int) -> None:
        browser = self.house.browser()
        passkey = self.model.passkeys[place % len(self.model.passkeys)]
        credential = passkey.device.use(self.run(asked(browser, "/sign-in/passkey")))
        answer = self.run(browser.post("/sign-in/passkey", credential=credential))
        may = not passkey.is_removed and self.model.is_active
        self.comes_in(browser, answer, may=may, as_two=True)

    @precondition(lambda self: self.model.passkeys)
    @rule(place=PLACE, which=PLACE, crash=CRASH)
    def removes_a_passkey(self, place: int, which: int, crash: When) -> None:
        window = self.window(place)
        passkey = self.model.passkeys[which % len(self.model.passkeys)]
        may = window.is_fresh(self.now)
        _, happened = self.dies(crash, self.at(window).post(f"{PAGE}/{passkey.id}/remove"))
        passkey.is_removed = passkey.is_removed or (may and happened)

    # ---------------------------------------------------------------- the second step

    @precondition(lambda self: self.protected is None)
    @rule(place=PLACE)
    def turns_the_second_step_on(self, place: int) -> None:
        window = self.window(place)
        if window.is_fresh(self.now):
            self.protected = self.run(protects_the_account(self.at(window), EMAIL))

    @precondition(lambda self: self.protected is not None)
    @rule(place=PLACE)
    def turns_the_second_step_off(self, place: int) -> None:
        window = self.window(place)
        self.run(self.at(window).post("/account/security/two-factor/off"))
        if window.is_fresh(self.now):
            self.protected = None
