"""Where somebody is signed in, and ending that."""

from datetime import timedelta

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.devices.words import in_words, is_phone
from admit.accounts.sessions.models import Session
from tests.accounts.house import House
from tests.engines.document import read

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


async def test_s34_a_person_sees_their_devices_ends_one_and_then_all_others(house: House) -> None:
    """S34, U5: device in words, address and time; one ends, or all but this one."""
    ada = await house.person()
    at_home = house.browser("192.0.2.7", **{"user-agent": FIREFOX})
    on_the_way = house.browser("2001:db8::9", **{"user-agent": IPHONE})
    for browser in (at_home, on_the_way):
        house.clock.move(timedelta(minutes=2))
        await browser.sign_in()

    page = (await at_home.get("/account/devices")).text
    shown = [each.text for each in read(page).all("li", class_="thing")]
    phone = next(row for row in await house.rows(Session) if row.ip == "2001:db8::9")
    ended = await at_home.post(f"/account/devices/{phone.id}/end")
    after_one = [(await each.whoami()) is None for each in (ada, at_home, on_the_way)]
    others = await at_home.post("/account/devices/others/end")
    after_all = [(await each.whoami()) is None for each in (ada, at_home, on_the_way)]

    assert [each.split(" 192")[0].split(" 2001")[0] for each in shown[:2]] == [
        "Firefox on Linux This device",
        "Safari on iPhone",
    ]
    assert "2001:db8::9" in shown[1]
    assert len(shown) == 3
    assert (ended.status_code, others.status_code) == (303, 303)
    assert after_one == [False, False, True]
    assert after_all == [True, False, True]
    events = [(each.what, each.detail) for each in await house.rows(SecurityEvent)]
    assert events[-2:] == [("device_ended", "Safari on iPhone"), ("other_devices_ended", None)]


@ON_SQLITE
async def test_s34_a_foreign_session_is_not_found_and_goes_on(house: House) -> None:
    """S34: the id of somebody else's session is as unknown as one that never was."""
    eve = await house.person("eve@example.com")
    (hers,) = await house.rows(Session)
    ada = await house.person()

    answers = [await ada.post(f"/account/devices/{each}/end") for each in (hers.id, "ses_nothing")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert await eve.whoami() is not None


@ON_SQLITE
async def test_ending_this_very_device_signs_out(house: House) -> None:
    ada = await house.person()
    (here,) = await house.rows(Session)

    answer = await ada.post(f"/account/devices/{here.id}/end")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await ada.whoami(), "session" in ada.cookies) == (None, False)


async def test_a_device_that_the_account_did_not_know_is_told_by_mail_once(house: House) -> None:
    """S26: not for the first of all, not again for one that came back."""
    ada = await house.person()
    await ada.sign_in()
    quiet = [mail.subject for mail in await house.mails("ada@example.com")]
    phone = house.browser("192.0.2.44", **{"user-agent": IPHONE})
    await phone.sign_in()
    await phone.sign_in()
    told = await house.mails("ada@example.com")

    assert "A new device signed in at Admit" not in quiet
    assert [mail.subject for mail in told][: len(told) - len(quiet)] == [
        "A new device signed in at Admit"
    ]
    assert "Safari on iPhone" in told[0].text
    assert "192.0.2.44" in told[0].text


BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
EDGE = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/140.0 Safari/537.36 Edg/140.0"
PIXEL = f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {BLINK} Chrome/140.0 Mobile Safari/537.36"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {BLINK} Version/18.0 Safari/605.1.15"


@ON_SQLITE
async def test_a_device_that_was_sent_away_comes_back_as_a_stranger(house: House) -> None:
    """S26: its owner is told when it signs in again; this one is known still."""
    ada = await house.person()
    phone = house.browser("192.0.2.44", **{"user-agent": IPHONE})
    await phone.sign_in()
    before = len(await house.mails("ada@example.com"))

    await ada.post("/account/devices/others/end")
    await ada.sign_in()
    known = len(await house.mails("ada@example.com"))
    await phone.sign_in()

    assert known == before
    assert len(await house.mails("ada@example.com")) == before + 1


@pytest.mark.parametrize(
    ("agent", "words", "phone"),
    [
        (FIREFOX, "Firefox on Linux", False),
        (IPHONE, "Safari on iPhone", True),
        (EDGE, "Edge on Windows", False),
        (PIXEL, "Chrome on Android", True),
        (MAC, "Safari on Mac", False),
        ("curl/8.11.0", "curl", False),
        ("python-httpx2/2.16", "python-httpx2", False),
        ("", "An unknown device", False),
        ("<script>/1", "An unknown device", False),
    ],
)
def test_a_user_agent_is_said_in_words(agent: str, words: str, phone: bool) -> None:
    assert (in_words(agent), is_phone(agent)) == (words, phone)
