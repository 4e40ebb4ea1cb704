"""Links: any browser, one click, one use, one day."""

import asyncio
from datetime import timedelta

from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.events import EventRow
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import PASSWORD, House, code_in, link_in

RACERS = 16
OTHER = "magpies counting the spoons"


async def test_s14_of_16_clicks_at_once_exactly_one_confirms(house: House) -> None:
    await house.browser().sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))

    answers = await asyncio.gather(*(house.browser().post(link) for _ in range(RACERS)))

    confirmed = [row for row in await house.rows(EventRow) if "confirmed" in row.name]
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (RACERS - 1)
    assert len(confirmed) == 1


async def test_s22_looking_changes_nothing(house: House) -> None:
    """Scanners of mail open every link, some more than once."""
    ada = house.browser()
    await ada.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))
    before = await house.dump()

    pages = [await house.browser().get(link) for _ in range(3)]

    assert [page.status_code for page in pages] == [200] * 3
    assert "ada@example.com" in pages[0].text
    assert await house.dump() == before
    assert (await ada.post(link)).status_code == 303


async def test_s22_a_link_dies_at_its_first_use(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))
    await ada.post(link)

    owner = await ada.get(link)
    stranger = await house.browser().get(link)
    again = await house.browser().post(link)

    assert (owner.status_code, "Your address is confirmed" in owner.text) == (200, True)
    assert (stranger.status_code, "This link was already used" in stranger.text) == (410, True)
    assert again.status_code == 410
    assert len(await house.rows(Session)) == 1


@ON_SQLITE
async def test_s46_a_link_that_a_stranger_caused_confirms_what_this_browser_signed_up_with(
    house: House,
) -> None:
    """Before or after Ada, somebody signs up with her address; to her the mails look alike."""
    for email, order in (("ada@example.com", "first"), ("bea@example.com", "second")):
        owner, stranger = house.browser(), house.browser()
        for browser in (stranger, owner) if order == "first" else (owner, stranger):
            theirs = OTHER if browser is stranger else PASSWORD
            await browser.sign_up(email, password=theirs)
            if browser is stranger:
                link = link_in(await house.newest_mail(email))

        opened = await owner.post(link)

        assert (opened.status_code, await owner.whoami() is not None) == (303, True)
        assert (await stranger.sign_in(email, OTHER)).status_code == 422
        assert (await house.browser().sign_in(email)).status_code == 303
        assert (await owner.post(link)).status_code == 410


async def test_s46_where_two_signed_up_a_link_opened_elsewhere_gives_neither_the_account(
    house: House,
) -> None:
    """On her phone Ada cannot tell whose mail it is: an invitation's role was a stranger's."""
    for order in ("first", "second"):
        email = f"{order}@example.com"
        owner, stranger, phone = house.browser(), house.browser(), house.browser()
        for browser in (stranger, owner) if order == "first" else (owner, stranger):
            await browser.sign_up(email, password=OTHER if browser is stranger else PASSWORD)
            if browser is stranger:
                link = link_in(await house.newest_mail(email))
        await stranger.sign_in(email, OTHER)

        opened = await phone.post(link)
        await phone.post("/sign-in/code", email=email)
        code = code_in(await house.newest_mail(email))
        entered = await phone.post("/sign-in/code/enter", code=code)

        assert opened.headers["location"].startswith("/sign-in/code?next=")
        for password in (OTHER, PASSWORD):
            assert (await house.browser().sign_in(email, password)).status_code == 422
        assert (await stranger.whoami(), entered.headers["location"]) == (None, "/account")


async def test_s22_a_link_dies_when_the_code_confirmed(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))
    await ada.confirm()

    assert (await house.browser().post(link)).status_code == 410


async def test_s22_a_link_lives_a_day(house: House) -> None:
    ada = house.browser()
    await ada.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))
    house.clock.move(timedelta(hours=23, minutes=59))
    in_time = await ada.get(link)
    house.clock.move(timedelta(minutes=1))

    late, sent = await ada.get(link), await ada.post(link)

    assert (in_time.status_code, late.status_code, sent.status_code) == (200, 410, 410)
    assert "This link has expired" in late.text
    (user,) = await house.rows(User)
    assert user.verified_at is None


async def test_s52_the_address_with_the_token_is_told_to_nobody(house: House) -> None:
    """Not even to our own next page; the form still says where it comes from."""
    ada = house.browser()
    await ada.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))

    page, clicked = await ada.get(link), await ada.post(link)

    assert page.headers["referrer-policy"] == "strict-origin"
    assert clicked.headers["referrer-policy"] == "strict-origin"


async def test_a_link_that_nobody_sent_is_gone_and_costs_nothing(house: House) -> None:
    before = await house.dump()

    answers = [await house.browser().post(f"/verify/{token}") for token in ("x", "y" * 43, "%00")]

    assert [answer.status_code for answer in answers] == [410, 410, 410]
    assert await house.dump() == before


async def test_somebody_signed_in_clicks_the_link_of_another_browser_and_stays_signed_in(
    house: House,
) -> None:
    first, second = house.browser(), house.browser()
    await first.sign_up()
    link = link_in(await house.newest_mail("ada@example.com"))
    await second.sign_in()

    clicked = await second.post(link)

    assert clicked.headers["location"] == "/account"
    assert await second.whoami() == {"email": "ada@example.com", "verified": True, "admin": False}
