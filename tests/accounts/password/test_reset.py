"""Forgotten passwords: the same answer for everybody, one use, and nothing stays open."""

from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.password.models import PasswordReset
from admit.accounts.password.reset import mail_reset
from admit.accounts.password.rules import EASY
from admit.accounts.sessions.models import Session
from tests.accounts.answers import shown
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import ORIGIN, PASSWORD, Browser, House
from tests.accounts.mailed import path_in, subjects
from tests.accounts.races.barrier import PARALLEL, at_once
from tests.accounts.settled import settled

NEW = "otters rowing past the mill"
STAFF = Caller(ip="203.0.113.1", user_agent="Fox")


async def ask(browser: Browser, email: str = "ada@example.com") -> str:
    """The path of the link that was mailed."""
    await browser.post("/password/reset", email=email)
    return path_in(await browser.house.newest_mail(email), "/password/new/")


async def test_a_person_who_forgot_it_chooses_a_new_password_and_signs_in_with_it(
    house: House,
) -> None:
    """S21: the link lets nobody in by itself; S26: the owner is told."""
    ada = await settled(house)
    elsewhere = house.browser()
    link = await ask(elsewhere)

    page = await elsewhere.get(link)
    done = await elsewhere.post(link, password=NEW)

    assert (page.status_code, "ada@example.com" in page.text) == (200, True)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert [await ada.whoami(), await elsewhere.whoami()] == [None, None]
    assert (await elsewhere.sign_in()).status_code == 422
    assert (await elsewhere.sign_in(password=NEW)).headers["location"] == "/account"
    assert "Your password was reset at Admit" in await subjects(house, "ada@example.com")


async def test_s14_of_16_uses_at_once_exactly_one_sets_the_password(house: House) -> None:
    """S14, on both databases."""
    await settled(house)
    link = await ask(house.browser())

    answers = await at_once(lambda n: house.browser().post(link, password=f"{NEW} {n}"))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (PARALLEL - 1)
    won = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    signed_in = await house.browser().sign_in(password=f"{NEW} {won[0]}")
    assert signed_in.headers["location"] == "/account"
    assert len(await house.rows(PasswordReset)) == 0


@ON_SQLITE
async def test_s10_the_answer_is_the_same_for_every_address_and_the_mail_is_not(
    house: House,
) -> None:
    """S10: unknown, known, unverified and closed accounts."""
    await settled(house)
    await house.browser().sign_up("new@example.com")
    await settled(house, "gone@example.com")
    await house.execute("UPDATE users SET is_active = false WHERE email = 'gone@example.com'")
    addresses = ["ada@example.com", "new@example.com", "gone@example.com", "nobody@example.com"]

    answers = [await house.browser().post("/password/reset", email=email) for email in addresses]

    assert [shown(answer) for answer in answers] == [shown(answers[0])] * 4
    assert answers[0].headers["location"] == "/password/reset/sent"
    assert [(await house.newest_mail(email)).kind for email in addresses] == [
        "accounts.reset",
        "accounts.reset",
        "accounts.closed",
        "accounts.reset_without_account",
    ]


@ON_SQLITE
async def test_s22_looking_at_the_link_changes_nothing_and_tells_nobody_where_it_is(
    house: House,
) -> None:
    """S22 (scanners open links) and S21 (the token is not in the Referer)."""
    await settled(house)
    link = await ask(house.browser())
    before = await house.dump()

    pages = [await house.browser().get(link) for _ in range(3)]

    assert [page.status_code for page in pages] == [200] * 3
    assert {page.headers["referrer-policy"] for page in pages} == {"strict-origin"}
    assert await house.dump() == before


@ON_SQLITE
async def test_s22_a_link_lives_a_day_and_dies_with_the_password_that_it_would_replace(
    house: House,
) -> None:
    ada = await settled(house)
    first, second = await ask(house.browser()), await ask(house.browser())
    house.clock.move(timedelta(hours=23))
    await ada.post("/password/new/nothing", password=NEW)
    used = await house.browser().post(second, password=NEW)
    late = await ask(house.browser())
    house.clock.move(timedelta(hours=24))

    assert used.status_code == 303
    assert (await house.browser().post(first, password=NEW)).status_code == 410
    expired = await house.browser().get(late)
    assert (expired.status_code, "work once, and for a day" in expired.text) == (410, True)
    assert (await house.browser().post(late, password=NEW)).status_code == 410
    assert (await house.browser().get("/password/new/%00")).status_code == 410


@ON_SQLITE
async def test_s05_a_listed_password_is_refused_and_the_link_still_works(house: House) -> None:
    """S05 at the reset; S06 with what the account knows of the person."""
    await settled(house)
    link, browser = await ask(house.browser()), house.browser()

    listed = await browser.post(link, password="passwordpassword")
    known = await browser.post(link, password="ada@example.com")
    empty = await browser.post(link, password="")

    assert [answer.status_code for answer in (listed, known, empty)] == [422, 422, 422]
    assert EASY in listed.text
    assert "Your name, your address and ours are what others try first." in known.text
    assert "<title>Error: Choose a new password" in empty.text
    assert (await browser.post(link, password=NEW)).status_code == 303


@ON_SQLITE
async def test_s46_a_reset_throws_out_whoever_was_in_and_stops_what_they_began(
    house: House,
) -> None:
    """S46 (unexpired session, unexpired e-mail change): all that an intruder prepared dies."""
    ada = await settled(house)
    await ada.post("/account/email", email="intruder@example.com")
    change = path_in(await house.newest_mail("intruder@example.com"), "/email/confirm/")
    link = await ask(house.browser())

    await house.browser().post(link, password=NEW)

    assert await ada.whoami() is None
    await ada.sign_in(password=NEW)
    assert (await ada.post(change)).status_code == 410
    (user,) = await house.rows(User)
    assert user.email == "ada@example.com"


@ON_SQLITE
async def test_s46_an_address_that_somebody_else_signed_up_with_is_its_owners_after_a_reset(
    house: House,
) -> None:
    """The mail showed whose mailbox it is, so the address is confirmed and the squatter is out."""
    squatter = house.browser()
    await squatter.sign_up()
    await squatter.sign_in()
    link = await ask(house.browser())

    await house.browser().post(link, password=NEW)

    (user,) = await house.rows(User)
    assert user.is_verified
    assert await squatter.whoami() is None
    assert (await squatter.sign_in()).status_code == 422


@ON_SQLITE
async def test_s30_a_link_dies_with_the_account(house: House) -> None:
    await settled(house)
    link = await ask(house.browser())
    await house.execute("UPDATE users SET is_active = false")

    assert (await house.browser().get(link)).status_code == 410
    assert (await house.browser().post(link, password=NEW)).status_code == 410


@ON_SQLITE
async def test_a_stranger_who_asks_too_often_is_held_back_and_the_owner_is_not(
    house: House,
) -> None:
    """S12 in spirit: five a day for one address, but its owner's own browser counts apart."""
    ada = await settled(house)
    strangers = [house.browser(f"198.51.100.{n}") for n in range(6)]

    answers = [
        await stranger.post("/password/reset", email="ADA@example.com") for stranger in strangers
    ]
    owner = await ada.post("/password/reset", email="ada@example.com")

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert answers[5].headers["retry-after"] == "86400"
    assert "Try again in 24 hours." in answers[5].text
    assert owner.status_code == 303


@ON_SQLITE
async def test_s12_an_owner_whom_strangers_keep_from_asking_has_a_link_that_works(
    house: House,
) -> None:
    """In a browser that nobody knows, for as long as it is held back."""
    await settled(house)
    for number in range(6):
        await house.browser(f"198.51.100.{number}").post("/password/reset", email="ada@example.com")
    house.clock.move(timedelta(hours=23, minutes=59))
    ada = house.browser()

    held = await ada.post("/password/reset", email="ada@example.com")
    link = path_in(await house.newest_mail("ada@example.com"), "/password/new/")
    chosen = await ada.post(link, password=NEW)

    assert (held.status_code, chosen.status_code) == (429, 303)


@ON_SQLITE
async def test_a_network_that_asks_for_many_addresses_is_held_back(house: House) -> None:
    browser = house.browser("203.0.113.9")

    first = await browser.post("/password/reset", email="p1@example.com")
    await house.execute("UPDATE limit_windows SET count = 19 WHERE key LIKE '%_network:%'")
    more = [await browser.post("/password/reset", email=f"p{n}@example.com") for n in (2, 3)]

    assert [answer.status_code for answer in (first, *more)] == [303, 303, 429]


@ON_SQLITE
async def test_s25_staff_may_send_the_link_and_neither_sees_nor_sets_a_password(
    house: House,
) -> None:
    await settled(house)
    (user,) = await house.rows(User)
    letters = Letters(house.parts.templates, house.parts.vault, "Admit", ORIGIN)
    async with house.database.write() as db:
        await mail_reset(
            db, letters, user, method=Method.staff, caller=STAFF, now=house.clock.wall()
        )
    link = path_in(await house.newest_mail("ada@example.com"), "/password/new/")

    done = await house.browser().post(link, password=NEW)

    assert done.status_code == 303
    asked = [row for row in await house.rows(SecurityEvent) if row.what == "password_reset_asked"]
    assert [(row.method, row.ip) for row in asked] == [("staff", STAFF.ip)]


@ON_SQLITE
async def test_s21_a_reset_does_not_skip_the_second_factor(house: House) -> None:
    await settled(house)
    await house.execute("UPDATE users SET two_factor_since = created_at")
    link, browser = await ask(house.browser()), house.browser()

    done = await browser.post(link, password=NEW)
    signed_in = await browser.sign_in(password=NEW)

    assert (done.headers["location"], "session" in browser.cookies) == ("/sign-in", False)
    assert signed_in.headers["location"] == "/sign-in/2fa"
    assert await browser.whoami() is None


@ON_SQLITE
async def test_s22_a_link_dies_when_the_address_changes(house: House) -> None:
    ada = await settled(house)
    link = await ask(house.browser())
    await ada.post("/account/email", email="new@example.com")
    await ada.post(path_in(await house.newest_mail("new@example.com"), "/email/confirm/"))

    assert (await house.browser().get(link)).status_code == 410


@ON_SQLITE
async def test_s13_a_reset_opens_the_password_way_again(house: House) -> None:
    await settled(house)
    await house.execute("UPDATE users SET password_failures = 100")
    link = await ask(house.browser())

    await house.browser().post(link, password=NEW)

    (user,) = await house.rows(User)
    assert user.password_failures == 0


@ON_SQLITE
async def test_s17_s59_the_token_is_nowhere_in_clear_and_each_step_is_one_row(
    house: House,
) -> None:
    await settled(house)
    browser = house.browser()
    link = await ask(browser)
    token = link.removeprefix("/password/new/")
    dumped = await house.dump()
    await browser.post(link, password=NEW)
    await browser.post(link, password=NEW)

    assert token not in dumped
    assert NEW not in await house.dump()
    rows = [row.what for row in await house.rows(SecurityEvent) if "password" in row.what]
    assert sorted(rows) == ["password_reset", "password_reset_asked"]
    assert len(await house.rows(Session)) == 0


@ON_SQLITE
async def test_somebody_who_mistypes_the_address_sees_it_again(house: House) -> None:
    wrong = await house.browser().post("/password/reset", email="ada@")

    assert wrong.status_code == 422
    assert 'value="ada@"' in wrong.text
    assert "<title>Error: Forgot your password?" in wrong.text
    assert PASSWORD not in wrong.text
