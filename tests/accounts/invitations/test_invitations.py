"""Inviting an address to a role, and what becomes of it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.invitations.models import Invitation
from admit.accounts.models import User
from admit.core.mail.service import OpenedMail
from tests.accounts.house import Browser, House
from tests.engines.document import read

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

STAFF_PAGE = "/admin/people/invitations"
STAFF_AGAIN = "UPDATE users SET is_active = TRUE, role = 'staff' WHERE email = 'grace@example.com'"


async def test_a_stranger_is_invited_signs_up_and_holds_the_role_at_once(house: House) -> None:
    """S1-12: the mail's link leads through the sign-up, with the address filled in."""
    grace = await person_of_staff(house)
    bob = house.browser("192.0.2.8")

    invited = await grace.post(STAFF_PAGE, email="Bob@example.com", role="staff")
    link = link_in(await house.newest_mail("Bob@example.com"))
    looked = await bob.get(link)
    nothing_yet = (await house.rows(Invitation))[0].taken_up_at
    accepted = await bob.post(link)
    form = read((await bob.get("/sign-up")).text)
    await bob.sign_up("bob@example.com")
    before = await role_of(house, "bob@example.com")
    await bob.confirm("bob@example.com")

    assert (invited.status_code, looked.status_code, nothing_yet) == (303, 200, None)
    assert accepted.headers["location"] == "/sign-up"
    assert form.all("input", name="email")[0].attributes["value"] == "Bob@example.com"
    assert (before, await role_of(house, "bob@example.com")) == ("member", "staff")
    assert (await bob.get(STAFF_PAGE)).status_code == 200
    events = {(each.what, each.detail) for each in await house.rows(SecurityEvent)}
    assert {("invitation_sent", "staff"), ("invitation_accepted", "staff")} <= events
    assert ("role_changed", "staff") in events
    assert (await bob.get(link)).status_code == 410


async def test_a_registered_person_finds_it_in_their_account_and_answers_there(
    house: House,
) -> None:
    """S1-12: their mail holds no link of its own; accept once, decline once."""
    grace, bob = await person_of_staff(house), await house.person("bob@example.com")

    await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")
    mail = await house.newest_mail("bob@example.com")
    declined = await bob.post(f"{await offered(bob)}/decline")
    after_no = await role_of(house, "bob@example.com")
    await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")
    path = await offered(bob)
    accepted = [(await bob.post(f"{path}/accept")).status_code for _ in range(2)]

    assert "/account/invitations" in mail.text
    assert "/invitations/" not in mail.text.replace("/account/invitations", "")
    assert (declined.headers["location"], after_no) == ("/account", "member")
    assert accepted == [303, 404]
    assert await role_of(house, "bob@example.com") == "staff"


@ON_SQLITE
async def test_an_invitation_is_for_its_address_alone(house: House) -> None:
    """S55: whoever forwards the link gives nothing away; another's id is not found."""
    grace, eve = await person_of_staff(house), await house.person("eve@example.com")
    await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")
    (row,) = await house.rows(Invitation)
    link = link_in(await house.newest_mail("bob@example.com"))

    followed = await eve.post(link)
    answer = await eve.post(f"/account/invitations/{row.id}/accept")
    mallory = house.browser()
    await mallory.post(link)
    await mallory.sign_up("mallory@example.com")
    await mallory.confirm("mallory@example.com")

    assert (followed.status_code, answer.status_code) == (303, 404)
    assert await role_of(house, "eve@example.com") == "member"
    assert await role_of(house, "mallory@example.com") == "member"


@ON_SQLITE
async def test_without_the_link_a_newcomer_is_asked_first(house: House) -> None:
    """Nobody is made staff behind their back, only because they signed up."""
    grace = await person_of_staff(house)
    await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")

    bob = await house.person("bob@example.com")

    assert await role_of(house, "bob@example.com") == "member"
    assert (await bob.post(f"{await offered(bob)}/accept")).status_code == 303


@ON_SQLITE
async def test_an_invitation_that_no_longer_stands_opens_nothing(house: House) -> None:
    """Taken back, replaced, out of time, or sent by somebody who may no longer send it."""
    grace = await person_of_staff(house)
    ends: dict[str, Callable[[str], Awaitable[object]]] = {
        "withdrawn": lambda id_: grace.post(f"{STAFF_PAGE}/{id_}/withdraw"),
        "replaced": lambda _: grace.post(STAFF_PAGE, email="replaced@example.com", role="member"),
        "demoted": lambda _: house.execute("UPDATE users SET role = 'member'"),
        "closed": lambda _: house.execute("UPDATE users SET is_active = FALSE"),
        "expired": lambda _: moved(house, timedelta(days=7)),
    }
    links: dict[str, str] = {}
    for name in ends:
        await grace.post(STAFF_PAGE, email=f"{name}@example.com", role="staff")
        links[name] = link_in(await house.newest_mail(f"{name}@example.com"))
        await house.browser().post(links[name])
    rows = {row.email: row.id for row in await house.rows(Invitation)}

    for name, end in ends.items():
        await house.execute(STAFF_AGAIN)
        await end(rows[f"{name}@example.com"])
        newcomer = await house.person(f"{name}@example.com")
        looked = await newcomer.get(links[name])
        role = await role_of(house, f"{name}@example.com")
        assert (name, looked.status_code, role) == (name, 410, "member")


@ON_SQLITE
async def test_nobody_gives_a_role_above_their_own_and_members_give_none(house: House) -> None:
    """S55, S0-02, S3-04: the page is for staff; an administrator's role is for administrators."""
    grace, ada = await person_of_staff(house), await house.person()

    too_high = await grace.post(STAFF_PAGE, email="bob@example.com", role="admin")
    by_member = await ada.post(STAFF_PAGE, email="bob@example.com", role="member")
    looked = [await each.get(STAFF_PAGE) for each in (ada, house.browser(), grace)]
    wrong = await grace.post(STAFF_PAGE, email="bob", role="emperor")
    known = await grace.post(STAFF_PAGE, email="grace@example.com", role="staff")

    assert (too_high.status_code, by_member.status_code) == (403, 403)
    assert [each.status_code for each in looked] == [403, 303, 200]
    assert 'value="admin"' not in looked[2].text
    assert (wrong.status_code, known.status_code) == (422, 422)
    assert "Enter an e-mail address like name@example.com." in wrong.text
    assert "Choose a role from the list." in wrong.text
    assert "That person has this role already, or a higher one." in known.text
    assert await house.rows(Invitation) == []


@ON_SQLITE
async def test_s35_inviting_asks_again_who_it_is(house: House) -> None:
    """S35: a session that is left open gives no roles away."""
    grace = await person_of_staff(house)
    house.clock.move(timedelta(minutes=5, seconds=1))

    answer = await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")

    assert (answer.status_code, await house.rows(Invitation)) == (303, [])
    assert answer.headers["location"].startswith("/sign-in/again")


@ON_SQLITE
async def test_fifty_a_day_are_enough(house: House) -> None:
    grace = await person_of_staff(house)
    await house.execute(
        "INSERT INTO limit_windows (key, count, ends_at) "
        "SELECT 'invitation:' || id, 50, :ends FROM users",
        ends=stored(house, timedelta(hours=3)),
    )

    answer = await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10800")
    assert await house.rows(Invitation) == []


async def test_sixteen_answers_at_once_are_one(house: House) -> None:
    """S14: single use also when the answers race, on SQLite and PostgreSQL."""
    grace, bob = await person_of_staff(house), await house.person("bob@example.com")
    await grace.post(STAFF_PAGE, email="bob@example.com", role="staff")
    path = await offered(bob)

    answers = await asyncio.gather(
        *(bob.post(f"{path}/{('accept', 'decline')[turn % 2]}") for turn in range(16))
    )

    events = [each.what for each in await house.rows(SecurityEvent)]
    answered = [what for what in events if what in {"invitation_accepted", "invitation_declined"}]
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 15
    assert len(answered) == 1
    is_staff = await role_of(house, "bob@example.com") == "staff"
    assert is_staff is (answered == ["invitation_accepted"])


async def person_of_staff(house: House) -> Browser:
    grace = await house.person("grace@example.com")
    await house.execute("UPDATE users SET role = 'staff' WHERE email = 'grace@example.com'")
    return grace


async def role_of(house: House, email: str) -> str:
    roles = {user.email_key: str(user.role) for user in await house.rows(User)}
    return roles[email]


async def offered(browser: Browser) -> str:
    """The address at which the invitation is answered, as the page of its owner shows it."""
    page = read((await browser.get("/account/invitations")).text)
    actions = [form.attributes["action"] for form in page.all("form", method="post")]
    return next(each.removesuffix("/accept") for each in actions if each.endswith("/accept"))


def link_in(mail: OpenedMail) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+)", mail.text)
    assert found is not None
    return found[1]


async def moved(house: House, by: timedelta) -> None:
    house.clock.move(by)


def stored(house: House, ahead: timedelta) -> str:
    return (house.clock.wall() + ahead).replace(tzinfo=None).isoformat(" ")
