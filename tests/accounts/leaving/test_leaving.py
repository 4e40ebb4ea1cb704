"""Closing an account, deleting it, coming back, and what is left when nobody did."""

from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.leaving.erasure import erase_due
from admit.accounts.leaving.models import Departure
from admit.accounts.leaving.service import deactivate, reactivate
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.events import EventRow
from admit.core.mail import MailRow
from admit.holdings import HOLDINGS
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import ORIGIN, Browser, House
from tests.accounts.mailed import path_in, subjects
from tests.accounts.races.barrier import PARALLEL, at_once
from tests.accounts.settled import settled

CLOSE, DELETE = "/account/data/deactivation", "/account/data/deletion"
STAFF = Caller(ip="203.0.113.1", user_agent="terminal")


def letters_of(house: House) -> Letters:
    return Letters(house.parts.templates, house.parts.vault, "Admit", ORIGIN)


async def erase(house: House) -> int:
    return await erase_due(house.database, letters_of(house), HOLDINGS, now=house.clock.wall())


async def way_back(house: House, email: str = "ada@example.com") -> str:
    mails = await house.mails(email)
    return path_in(next(mail for mail in mails if mail.kind == "accounts.closed"), "/reopen/")


async def reset_link(browser: Browser) -> str:
    await browser.post("/password/reset", email="ada@example.com")
    return path_in(await browser.house.newest_mail("ada@example.com"), "/password/new/")


@ON_SQLITE
async def test_s30_closing_ends_everything_that_was_open_and_a_mail_opens_it_again(
    house: House,
) -> None:
    """S30: sessions, pending codes and links die within one request; S22: looking is harmless."""
    ada, elsewhere = await settled(house), house.browser()
    await elsewhere.sign_in()
    reset = await reset_link(house.browser())
    await ada.post("/account/email", email="new@example.com")
    change = path_in(await house.newest_mail("new@example.com"), "/email/confirm/")

    closed = await ada.post(CLOSE)

    assert (closed.status_code, closed.headers["location"]) == (303, "/")
    assert [await ada.whoami(), await elsewhere.whoami()] == [None, None]
    assert await house.rows(Session) == []
    assert (await house.browser().get(reset)).status_code == 410
    assert (await ada.post(change)).status_code == 410
    assert (await house.browser().sign_in()).status_code == 422
    link, before = await way_back(house), await house.dump()
    looked = await house.browser().get(link)
    assert (looked.status_code, looked.headers["referrer-policy"]) == (200, "strict-origin")
    assert await house.dump() == before
    opened = await house.browser().post(link)
    assert opened.headers["location"] == "/sign-in"
    assert (await house.browser().post(link)).status_code == 410
    assert (await house.browser().sign_in()).headers["location"] == "/account"
    assert (await house.browser().get(reset)).status_code == 410
    assert "Your account is open again at Admit" in await subjects(house, "ada@example.com")


async def test_s14_of_16_clicks_at_once_exactly_one_opens_the_account(house: House) -> None:
    ada = await settled(house)
    await ada.post(CLOSE)
    link = await way_back(house)

    answers = await at_once(lambda _: house.browser().post(link))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (PARALLEL - 1)
    rows = [row.what for row in await house.rows(SecurityEvent)]
    assert rows.count("account_reactivated") == 1


async def test_a_person_deletes_their_account_thinks_again_and_is_back(house: House) -> None:
    ada = await settled(house)
    page = await ada.get(DELETE)
    unsure = await ada.post(DELETE)
    asked = await ada.post(DELETE, sure="yes")
    house.clock.move(timedelta(days=13, hours=23))
    erased = await erase(house)
    mailed_again = await house.browser().post("/password/reset", email="ada@example.com")
    link = await way_back(house)

    back = await house.browser().post(link)

    assert "2. Delete ada@example.com" in page.text
    assert (unsure.status_code, "Tick the box" in unsure.text) == (422, True)
    assert (asked.status_code, erased, mailed_again.status_code) == (303, 0, 303)
    assert back.headers["location"] == "/sign-in"
    assert (await house.browser().sign_in()).headers["location"] == "/account"
    house.clock.move(timedelta(days=30))
    assert await erase(house) == 0
    assert (await house.rows(User))[0].email == "ada@example.com"


async def test_after_14_days_nothing_tells_who_it_was_and_others_are_untouched(
    house: House,
) -> None:
    ada, bob = await settled(house), house.browser()
    await bob.sign_up("bob@example.com", first_name="Bob", last_name="Noyce")
    await bob.confirm("bob@example.com")
    await ada.post("/password/reset", email="ada@example.com")
    await ada.post("/account/email", email="new@example.com")
    await ada.post(path_in(await house.newest_mail("new@example.com"), "/email/confirm/"))
    await ada.post(DELETE, sure="yes")
    link = await way_back(house, "new@example.com")
    (left,) = await house.rows(Departure)
    house.clock.move(timedelta(days=14))

    erased = [await erase(house) for _ in range(2)]

    assert left.erase_at - left.left_at == timedelta(days=14)
    assert erased == [1, 0]
    assert await subjects(house, "new@example.com") == ["Your account at Admit was deleted"]
    house.clock.move(timedelta(days=1, seconds=1))
    assert await erase(house) == 0
    dumped = await house.dump()
    named = ("ada@example.com", "new@example.com", "Ada", "Lovelace")
    assert [word for word in named if word in dumped] == []
    people = {user.id: user for user in await house.rows(User)}
    gone = people.pop(left.user_id)
    (stayed,) = people.values()
    assert (gone.email, gone.first_name, gone.password_hash, gone.is_active) == (
        f"erased:{gone.id}",
        "",
        None,
        False,
    )
    assert (stayed.email, stayed.first_name, stayed.is_active) == ("bob@example.com", "Bob", True)
    assert (await bob.sign_in("bob@example.com")).headers["location"] == "/account"
    assert {mail.recipient for mail in await house.rows(MailRow)} == {"bob@example.com"}
    history = [row for row in await house.rows(SecurityEvent) if row.user_id == gone.id]
    assert {(row.ip, row.user_agent) for row in history} == {("", ""), ("unknown", "")}
    assert history[-1].what == "account_erased"
    assert (await house.browser().get(link)).status_code == 410
    assert (await house.browser().post(link)).status_code == 410
    again = await house.browser().sign_up()
    assert again.headers["location"] == "/verify"


@ON_SQLITE
async def test_what_staff_closed_only_staff_opens(house: House) -> None:
    """U8. The reset form answers as always, and the mail says whom to ask."""
    await settled(house)
    async with house.database.write() as db:
        (user,) = await house.rows(User)
        user = await db.merge(user)
        now = house.clock.wall()
        letters = letters_of(house)
        await deactivate(db, letters, user, caller=STAFF, now=now, method=Method.staff)
    told = await house.newest_mail("ada@example.com")
    await house.browser().post("/password/reset", email="ada@example.com")
    asked = await house.newest_mail("ada@example.com")

    async with house.database.write() as db:
        user = await db.merge((await house.rows(User))[0])
        opened = [
            await reactivate(db, letters, user, method=Method.staff, caller=STAFF, now=now)
            for _ in range(2)
        ]

    assert ["/reopen/" in mail.text for mail in (told, asked)] == [False, False]
    assert "Only our staff can open it again" in told.text
    assert opened == [True, False]
    assert (await house.browser().sign_in()).headers["location"] == "/account"


@ON_SQLITE
async def test_the_only_administrator_stays(house: House) -> None:
    ada = await settled(house)
    await house.execute("UPDATE users SET role = 'admin'")

    closed, deleted = await ada.post(CLOSE), await ada.post(DELETE, sure="yes")

    assert [closed.status_code, deleted.status_code] == [409, 409]
    assert "You are the only administrator." in closed.text
    assert (await house.rows(User))[0].is_active


async def test_of_two_administrators_who_leave_at_once_one_stays(house: House) -> None:
    people = [await settled(house), await settled(house, "bob@example.com")]
    await house.execute("UPDATE users SET role = 'admin'")

    answers = await at_once(lambda number: people[number].post(CLOSE), times=2)

    assert sorted(answer.status_code for answer in answers) == [303, 409]


@ON_SQLITE
async def test_s35_leaving_and_taking_the_data_ask_for_a_fresh_proof(house: House) -> None:
    ada = await settled(house)
    house.clock.move(timedelta(minutes=5, seconds=1))

    for path in (CLOSE, DELETE, "/account/data/export"):
        answer = await ada.http.post(path, headers={"accept": "application/json"})
        assert (path, answer.status_code, answer.json()["code"]) == (path, 403, "reauth_required")


@ON_SQLITE
async def test_whoever_takes_money_hears_of_it_in_the_same_transaction(house: House) -> None:
    ada = await settled(house)

    await ada.post(CLOSE)

    (user,) = await house.rows(User)
    closed = [row for row in await house.rows(EventRow) if row.name == "accounts.closed"]
    assert [row.subject for row in closed] == [user.id]


@ON_SQLITE
async def test_s17_s59_the_way_back_is_nowhere_in_clear_and_each_step_is_one_row(
    house: House,
) -> None:
    ada = await settled(house)
    await ada.post(DELETE, sure="yes")
    link = await way_back(house)
    dumped = await house.dump()
    await house.browser().post(link)

    assert link.removeprefix("/reopen/") not in dumped
    rows = [row.what for row in await house.rows(SecurityEvent)]
    assert [what for what in rows if what in {"deletion_asked", "account_reactivated"}] == [
        "deletion_asked",
        "account_reactivated",
    ]
