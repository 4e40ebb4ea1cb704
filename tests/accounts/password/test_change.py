"""Another password while signed in: the current one is asked for, everybody else is out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.password.feedback import feedback_on
from admit.accounts.password.rules import EASY, About
from admit.accounts.sessions.models import Session
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import PASSWORD, Browser, House
from tests.accounts.mailed import path_in, subjects
from tests.accounts.password.leaks import DIGEST, LEAKED, service
from tests.accounts.password.listed import LISTED
from tests.accounts.races.barrier import at_once
from tests.accounts.settled import settled

CHANGE = "/account/security/password"
NEW = "otters rowing past the mill"


async def change(browser: Browser, new: str = NEW, *, current: str = PASSWORD) -> int:
    answer = await browser.post(CHANGE, current_password=current, password=new)
    return answer.status_code


@ON_SQLITE
async def test_s07_the_current_password_is_asked_for_others_are_out_and_this_one_goes_on(
    house: House,
) -> None:
    """S07; S28: the session that goes on has a new id for its cookie; S26: the owner is told."""
    ada, elsewhere = await settled(house), house.browser()
    await elsewhere.sign_in()
    cookie = ada.cookies["session"]

    wrong = await ada.post(CHANGE, current_password="a wrong heron bridge", password=NEW)
    right = await ada.post(CHANGE, current_password=PASSWORD, password=NEW)

    assert wrong.status_code == 422
    assert "That is not your current password." in wrong.text
    assert (right.status_code, right.headers["location"]) == (303, "/account/security")
    assert (await ada.whoami(), await elsewhere.whoami()) == (
        {"email": "ada@example.com", "verified": True, "admin": False},
        None,
    )
    assert ada.cookies["session"] != cookie
    assert len(await house.rows(Session)) == 1
    assert "Your password was changed at Admit" in await subjects(house, "ada@example.com")
    assert (await house.browser().sign_in()).status_code == 422
    assert (await house.browser().sign_in(password=NEW)).status_code == 303


@ON_SQLITE
async def test_s12_a_device_that_was_signed_out_with_the_old_password_comes_back_as_a_stranger(
    house: House,
) -> None:
    """Whoever had the old password made their devices known with it; this one stays known."""
    ada, elsewhere = await settled(house), house.browser()
    told = []
    for password, new in ((PASSWORD, NEW), (NEW, f"{NEW} again")):
        await elsewhere.sign_in(password=password)
        if new == NEW:
            await change(ada, new)
        else:
            await ada.post("/password/reset", email="ada@example.com")
            mail = await house.newest_mail("ada@example.com")
            await ada.post(path_in(mail, "/password/new/"), password=new)
        for browser in (ada, elsewhere):
            before = len(await house.mails("ada@example.com"))
            await browser.sign_in(password=new)
            told.append(len(await house.mails("ada@example.com")) - before)

    assert told == [0, 1, 0, 1]


@ON_SQLITE
async def test_s07_s30_programs_are_out_after_a_change_a_reset_and_a_closing(house: House) -> None:
    """S07: refresh families die; S30: within one request."""
    ada, password, statuses = await settled(house), PASSWORD, []
    for doing in ("change", "reset", "close"):
        asked = {"email": "ada@example.com", "password": password}
        program = await house.browser().http.post("/api/v1/auth/sign-in", json=asked)
        tokens = program.json()
        password = f"{NEW} {doing}"
        if doing == "change":
            await change(ada, password)
        elif doing == "reset":
            await house.browser().post("/password/reset", email="ada@example.com")
            mail = await house.newest_mail("ada@example.com")
            await house.browser().post(path_in(mail, "/password/new/"), password=password)
            await ada.sign_in(password=password)
        else:
            await ada.post("/account/data/deactivation")
        bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        refresh = {"refresh_token": tokens["refresh_token"]}
        stranger = house.browser().http
        statuses += [
            (await stranger.get("/api/v1/auth/me", headers=bearer)).status_code,
            (await stranger.post("/api/v1/auth/refresh", json=refresh)).status_code,
        ]

    assert statuses == [401, 401] * 3


@ON_SQLITE
async def test_s22_s46_a_change_ends_links_and_changes_of_address_that_wait(house: House) -> None:
    """S22: reset links die at a password change; S46: so does an e-mail change."""
    ada = await settled(house)
    await house.browser().post("/password/reset", email="ada@example.com")
    reset = path_in(await house.newest_mail("ada@example.com"), "/password/new/")
    await ada.post("/account/email", email="new@example.com")
    address = path_in(await house.newest_mail("new@example.com"), "/email/confirm/")

    await change(ada)

    assert (await house.browser().post(reset, password=f"{NEW} again")).status_code == 410
    assert (await ada.post(address)).status_code == 410


async def test_of_many_changes_at_once_one_is_made(house: House) -> None:
    """Each was judged by the password that was current when it began."""
    ada = await settled(house)

    statuses = await at_once(lambda n: change(ada, f"{NEW} {n}"), times=4)

    assert sorted(statuses).count(303) == 1
    rows = [row.what for row in await house.rows(SecurityEvent)]
    assert rows.count("password_changed") == 1


@ON_SQLITE
async def test_s05_s06_what_is_easy_to_guess_is_refused_here_too(house: House) -> None:
    ada = await settled(house)

    listed = await ada.post(CHANGE, current_password=PASSWORD, password="passwordpassword")
    own = await ada.post(CHANGE, current_password=PASSWORD, password="ada@example.com")
    nothing = await ada.post(CHANGE)

    assert [answer.status_code for answer in (listed, own, nothing)] == [422] * 3
    assert EASY in listed.text
    assert "Enter your current password." in nothing.text
    assert "Choose a password." in nothing.text
    assert PASSWORD not in listed.text


@ON_SQLITE
async def test_somebody_at_an_open_screen_does_not_guess_the_current_password(
    house: House,
) -> None:
    ada = await settled(house)

    statuses = [await change(ada, current=f"a wrong heron {n}") for n in range(6)]
    held = await ada.post(CHANGE, current_password=PASSWORD, password=NEW)

    assert statuses == [422] * 5 + [429]
    assert held.headers["retry-after"] == "300"
    refused = [row for row in await house.rows(SecurityEvent) if row.what.endswith("_refused")]
    assert len(refused) == 5


@ON_SQLITE
async def test_s35_after_five_minutes_a_new_proof_is_asked_for(house: House) -> None:
    ada = await settled(house)
    house.clock.move(timedelta(minutes=5, seconds=1))

    for path in (CHANGE, "/account/email"):
        assert (await ada.get(path)).headers["location"].startswith("/sign-in/again?next=")
        sent = await ada.http.post(path, headers={"accept": "application/json"})
        assert (sent.status_code, sent.json()["code"]) == (403, "reauth_required")


@ON_SQLITE
async def test_somebody_without_a_password_adds_one(house: House) -> None:
    """Whoever came by Google has none to be asked for."""
    ada = await settled(house)
    await house.execute("UPDATE users SET password_hash = NULL")

    page = await ada.get(CHANGE)
    added = await ada.post(CHANGE, password=NEW)

    assert "current_password" not in page.text
    assert added.status_code == 303
    assert (await house.browser().sign_in(password=NEW)).status_code == 303
    told = await subjects(house, "ada@example.com")
    assert "Your account has a password now at Admit" in told


@ON_SQLITE
async def test_s05_a_leaked_password_is_refused_at_sign_up_change_and_reset(house: House) -> None:
    """The service is asked where a setting names it."""
    ada = await settled(house)
    await house.browser().post("/password/reset", email="ada@example.com")
    reset = path_in(await house.newest_mail("ada@example.com"), "/password/new/")
    with service(f"{DIGEST[5:]}:42") as leaks:
        settings = house.parts.settings
        settings.password_breach_url = leaks.url
        answers = [
            await house.browser().sign_up("eve@example.com", password=LEAKED),
            await ada.post(CHANGE, current_password=PASSWORD, password=LEAKED),
            await house.browser().post(reset, password=LEAKED),
        ]
        person = {"email": "eve@example.com", "first_name": "Eve", "last_name": "Noyce"}
        program = await house.browser().http.post(
            "/api/v1/auth/sign-up", json={**person, "password": LEAKED}
        )
        settings.password_breach_url = ""

    sentence = "This password was found in a leak of another site"
    assert program.status_code == 422
    assert program.json()["errors"]["password"].startswith(sentence)
    assert [(answer.status_code, sentence in answer.text) for answer in answers] == [
        (422, True)
    ] * 3
    async with house.database.read() as db:
        assert await db.scalar(select(User).where(User.email == "eve@example.com")) is None


@pytest.mark.long
@ON_SQLITE
async def test_s05_a_third_of_the_lists_is_refused_at_three_doors(house: House) -> None:
    ada = await settled(house)
    await house.browser().post("/password/reset", email="ada@example.com")
    reset = path_in(await house.newest_mail("ada@example.com"), "/password/new/")
    newcomer, accepted = house.browser(), []

    for password in LISTED[::3]:
        answers = [
            await newcomer.sign_up("eve@example.com", password=password),
            await ada.post(CHANGE, current_password=PASSWORD, password=password),
            await newcomer.post(reset, password=password),
        ]
        if [answer.status_code for answer in answers] != [422] * 3:
            accepted.append(password)

    assert accepted == []


@ON_SQLITE
async def test_somebody_who_types_sees_how_good_it_is_and_nothing_is_kept(house: House) -> None:
    ada = await settled(house)
    before = await house.dump()

    weak = await house.browser().post("/password/strength", password="passwordpassword")
    own = await ada.post("/password/strength", password="LovelaceLovelace")
    good = await ada.post("/password/strength", password=NEW)
    huge = await ada.post("/password/strength", password="x" * 5000)

    assert [answer.status_code for answer in (weak, own, good, huge)] == [200] * 4
    assert EASY in weak.text
    assert "Your name, your address and ours are what others try first." in own.text
    assert feedback_on(NEW, about=About("Admit"), shortest=15).word in good.text
    assert NEW not in good.text
    assert (await ada.post("/password/strength")).text.strip() == ""
    assert await house.dump() == before
