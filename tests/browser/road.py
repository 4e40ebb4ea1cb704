"""What a person does on the road from signing up to losing access, said once for every test."""

import re
from dataclasses import dataclass

from playwright.async_api import Page, expect

from tests.engines.axe import serious_problems

PASSWORD = "violet harbour staircase"
GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"


@dataclass
class Visitor:
    """Somebody in front of a browser; `looks` checks each page that is passed with axe."""

    page: Page
    email: str
    looks: bool = True

    async def arrives(self, heading: str | re.Pattern[str]) -> None:
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if self.looks:
            assert await serious_problems(self.page) == {}

    async def goes(self, path: str) -> None:
        await self.page.goto(path)

    async def presses(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def signs_up_for(self, plan: str) -> None:
        await self.goes("/pricing")
        await self.arrives("Plans and prices")
        await self.presses(f"Choose {plan}")
        await self.arrives("Create your account")
        await self.page.get_by_label("First name").fill("Ada")
        await self.page.get_by_label("Last name").fill("Lovelace")
        await self.page.get_by_label("E-mail address").fill(self.email)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.presses("Create account")
        await self.arrives("Check your mail")

    async def reads_the_code(self, subject: str = "onfirm") -> str:
        """From the dev mailbox, in another tab of the same browser."""
        mailbox = await self.page.context.new_page()
        await mailbox.goto("/dev/mailbox")
        row = mailbox.get_by_role("link").filter(has_text=re.compile(subject)).first
        await row.click()
        code = re.search(r"\b(\d{3}) ?(\d{3})\b", await mailbox.inner_text("main"))
        await mailbox.close()
        assert code is not None
        return code[1] + code[2]

    async def confirms(self, code: str) -> None:
        await self.page.get_by_label("Six-digit code").fill(code)
        await self.presses("Confirm address")

    async def fills_in_the_card(self, number: str) -> None:
        await self.page.get_by_label("Card number").fill(number)
        await self.page.get_by_label(re.compile("^(Month|Expiry month)")).fill("12")
        await self.page.get_by_label(re.compile("^(Year|Expiry year)")).fill("34")
        await self.page.get_by_label(re.compile("Security code")).fill("123")
        await self.page.get_by_label("Name on the card").fill("Ada Lovelace")

    async def pays(self, number: str) -> None:
        await self.fills_in_the_card(number)
        await self.page.get_by_role("button", name=re.compile("Subscribe|Pay")).last.click()

    async def moves_time(self, step: str) -> None:
        await self.goes("/dev")
        await self.presses(step)
        await expect(self.page.get_by_role("status")).to_contain_text("UTC now")

    async def opens_premium(self) -> int:
        answer = await self.page.goto("/premium")
        assert answer is not None
        return answer.status
