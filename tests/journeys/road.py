"""What a person does on the road from signing up to losing access, each step by its pages."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.engines.document import facts_of, rows_of
from tests.engines.visitor import Visitor

PASSWORD = "violet harbour staircase"
GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
PAYMENTS = "Your payments, newest first"


@dataclass
class Traveller(Visitor):
    email: str = "ada@example.com"

    def signs_up_for(self, price: str) -> None:
        self.goes("/pricing").presses("Choose Pro", plan=price)
        self.presses(
            "Create account",
            first_name="Ada",
            last_name="Lovelace",
            email=self.email,
            password=PASSWORD,
        )

    def confirms_the_address(self) -> None:
        self.goes("/verify").presses("Confirm address", code=self.reads_the_code())

    def reads_the_code(self) -> str:
        """In another window: the dev mailbox shows every mail, newest first."""
        with Visitor(self.home) as mailbox:
            mailbox.goes("/dev/mailbox")
            mine = [each for each in mailbox.page.all("a") if self.email in each.text]
            mailbox.goes(mine[0].attributes["href"])
            (code,) = mailbox.page.all("code", id="mail-code")
            return code.text

    def mails(self) -> list[str]:
        """Subjects of what was sent to her, newest first."""
        with Visitor(self.home) as mailbox:
            mailbox.goes("/dev/mailbox")
            return [
                each.all("span", class_="mails__subject")[0].text
                for each in mailbox.page.all("a", class_="mails__link")
                if self.email in each.text
            ]

    def signs_in(self) -> None:
        self.goes("/sign-in").presses("Sign in", email=self.email, password=PASSWORD)

    def pays_with(self, card: str) -> None:
        (button,) = [
            each.text
            for each in self.page.all("button", type="submit")
            if re.match("Subscribe|Pay", each.text)
        ]
        self.presses(
            button, number=card, exp_month="12", exp_year="34", cvc="123", name="Ada Lovelace"
        )

    def moves_time_by(self, step: str) -> None:
        self.goes("/dev").presses(step)
        assert self.says("UTC now"), self.page.text

    def cancels(self) -> None:
        self.goes("/account/billing/cancel").presses("Cancel Pro")

    def opens(self, path: str) -> int:
        return self.goes(path).status

    def facts(self) -> dict[str, str]:
        return facts_of(self.goes("/account").page)

    def plan(self) -> tuple[str, str]:
        """Its name and its state, as the account page calls them."""
        page = self.goes("/account").page
        (card,) = page.all("section", aria_labelledby="plan")
        return card.all("p")[0].text, card.all("span")[0].text

    def payments(self) -> list[tuple[str, str, str]]:
        """Number, status and amount of each, newest first."""
        rows = rows_of(self.goes("/account").page, PAYMENTS)
        return [(what.split()[-1], status, amount) for _date, what, status, amount, *_ in rows]


def long_date(seconds: int) -> str:
    """As pages in English write a day in UTC."""
    day = datetime.fromtimestamp(seconds, UTC)
    return f"{day:%B} {day.day}, {day.year}"
