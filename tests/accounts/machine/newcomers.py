"""Rules: somebody else signs up, and shows or does not show that the address is theirs."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from admit.accounts.models import User
from tests.accounts.house import Browser, code_in, link_in
from tests.accounts.machine.house_of_one import CRASH, MOST, PLACE, HouseOfOne, When
from tests.accounts.machine.model import Newcomer, Once


class Newcomers(HouseOfOne):
    @precondition(lambda self: len(self.model.newcomers) < MOST)
    @rule()
    def somebody_signs_up(self) -> None:
        email = f"newcomer-{len(self.model.newcomers)}@example.com"
        browser = self.house.browser()
        self.run(browser.sign_up(email))
        mail, now = self.run(self.house.newest_mail(email)), self.now
        code, link = Once(code_in(mail), now + 600), Once(link_in(mail), now + 86400)
        self.model.newcomers.append(Newcomer(email, browser.cookies, code, link))

    @precondition(lambda self: self.model.newcomers)
    @rule(place=PLACE, by_link=st.booleans(), crash=CRASH)
    def they_confirm(self, place: int, crash: When, *, by_link: bool) -> None:
        """By the code where they signed up, or by the link in a browser of their choice."""
        newcomer = self.model.newcomers[place % len(self.model.newcomers)]
        used = newcomer.link if by_link else newcomer.code
        browser = self.house.browser() if by_link else self.where(newcomer)
        works = used.works(self.now)
        posted = browser.post(used.secret) if by_link else browser.post("/verify", code=used.secret)
        answer, happened = self.dies(crash, posted)
        if works and happened:
            newcomer.confirm()
        (row,) = [row for row in self.run(self.house.rows(User)) if row.email == newcomer.email]
        assert row.is_verified == newcomer.is_confirmed
        is_in = self.run(browser.whoami()) is not None
        assert is_in == (works and not by_link and answer.status_code == 303)

    def where(self, newcomer: Newcomer) -> Browser:
        browser = self.house.browser()
        for name, value in newcomer.cookies.items():
            browser.http.cookies.set(name, value, domain="127.0.0.1")
        return browser
