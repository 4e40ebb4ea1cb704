"""S26: whoever owns an account is told of each change that decides who gets into it."""

import re

from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import House
from tests.accounts.settled import settled
from tests.shape.files import ROOT

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
ELSEWHERE = Caller(ip="203.0.113.7", user_agent=FIREFOX)


def letters_of(house: House) -> Letters:
    return Letters(house.parts.templates, house.parts.vault, "Admit", "https://admit.example")


async def tell(house: House, change: Change, **more: str) -> None:
    async with house.database.write() as db:
        (user,) = await house.rows(User)
        now = house.clock.wall()
        await tell_of_change(db, letters_of(house), user, change, caller=ELSEWHERE, now=now, **more)


@ON_SQLITE
async def test_s26_the_owner_reads_what_changed_when_and_from_where(house: House) -> None:
    await settled(house)

    await tell(house, Change.passkey_added, detail="Ada's <phone>")

    mail = await house.newest_mail("ada@example.com")
    assert (mail.kind, mail.subject) == ("accounts.change", "A passkey was added at Admit")
    assert "Which: Ada's <phone>\n" in mail.text
    assert "From:  Firefox on Linux, 203.0.113.7\n" in mail.text
    assert "https://admit.example/password/reset" in mail.text
    assert "Ada&#39;s &lt;phone&gt;" in mail.html


@ON_SQLITE
async def test_s26_an_address_besides_theirs_is_told_too_and_the_same_one_once(
    house: House,
) -> None:
    await settled(house)
    before = len(await house.mails())

    await tell(house, Change.email_changed, also_to="new@example.com")
    await tell(house, Change.email_changed, also_to="ada@example.com")

    told = (await house.mails())[: len(await house.mails()) - before]
    assert sorted(mail.recipient for mail in told) == [
        "ada@example.com",
        "ada@example.com",
        "new@example.com",
    ]


@ON_SQLITE
async def test_s26_every_change_has_a_sentence_of_its_own(house: House) -> None:
    await settled(house)

    for change in Change:
        await tell(house, change)

    told = [mail for mail in await house.mails() if mail.kind == "accounts.change"]
    assert len({mail.subject for mail in told}) == len(Change)
    assert all(change.told.sentence[1:] in told[-1 - i].html for i, change in enumerate(Change))


def test_s26_every_change_is_told_by_what_makes_it() -> None:
    """A sentence that nothing sends would be a change that nobody hears of."""
    sources = [path.read_text() for path in (ROOT / "src" / "admit").rglob("*.py")]

    silent = [
        change.name
        for change in Change
        if not any(re.search(rf"Change\.{change.name}\b", source) for source in sources)
    ]

    assert silent == []
