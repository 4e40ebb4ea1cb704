"""The newsletter: a yes that can be shown to anybody who asks, and a no that takes one click."""

import re

import pytest

from admit.accounts.profile.models import NewsletterChoice, Profile
from admit.accounts.profile.newsletter import WORDING, unsubscribe_headers
from admit.core.mail.transport import message_of
from tests.accounts.house import ORIGIN, Browser, House

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADA = {"first_name": "Ada", "last_name": "Lovelace"}


async def test_a_person_joins_at_sign_up_leaves_and_joins_again_with_proof(house: House) -> None:
    """S0-03: the choice is stored with when, from where and in answer to which words."""
    ada = house.browser("192.0.2.7")
    await ada.sign_up(newsletter="yes")
    await ada.confirm()
    asked = await ada.get("/account/profile")
    await ada.post("/account/profile", **ADA)
    await ada.post("/account/profile", **ADA)
    await ada.post("/account/profile", **ADA, newsletter="yes")

    choices = await house.rows(NewsletterChoice)

    assert WORDING in asked.text
    assert "checked" in asked.text[asked.text.index('name="newsletter"') :][:60]
    assert [(each.wants, each.place, each.wording, each.ip) for each in choices] == [
        (True, "sign_up", WORDING, "192.0.2.7"),
        (False, "profile", WORDING, "192.0.2.7"),
        (True, "profile", WORDING, "192.0.2.7"),
    ]
    assert {each.chosen_at for each in choices} == {house.clock.wall()}


@ON_SQLITE
async def test_whoever_signs_up_without_the_tick_is_on_no_list(house: House) -> None:
    await house.person()

    assert await house.rows(NewsletterChoice) == []
    assert [profile.newsletter for profile in await house.rows(Profile)] == [False]


@ON_SQLITE
async def test_the_wish_of_whoever_shows_that_the_mailbox_is_theirs_counts(house: House) -> None:
    """S46: what a stranger ticked with somebody else's address is not their consent."""
    eve, ada = house.browser("198.51.100.9"), house.browser()
    await eve.sign_up(newsletter="yes")
    await ada.sign_up()
    await ada.confirm()

    (profile,) = await house.rows(Profile)

    assert profile.newsletter is False


async def test_a_mail_program_ends_it_with_one_click_and_a_look_changes_nothing(
    house: House,
) -> None:
    """RFC 8058: the link works signed out, from a server that sends neither origin nor cookie."""
    ada = await house.person()
    await ada.post("/account/profile", **ADA, newsletter="yes")
    mail = await house.newest_mail("ada@example.com")
    link = link_in_header(mail.headers["List-Unsubscribe"])
    program = house.browser("203.0.113.5")
    del program.http.headers["origin"]

    looked = await program.get(link)
    still = [profile.newsletter for profile in await house.rows(Profile)]
    form = {"List-Unsubscribe": "One-Click"}
    clicked = [await program.post(link, **form) for _ in range(2)]

    assert mail.subject == "You are on the list of Admit"
    assert ORIGIN + link in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (looked.status_code, still) == (200, [True])
    assert [answer.status_code for answer in clicked] == [200, 200]
    assert [profile.newsletter for profile in await house.rows(Profile)] == [False]
    assert [each.place for each in await house.rows(NewsletterChoice)] == ["profile", "link"]


@ON_SQLITE
async def test_a_link_that_was_made_up_unsubscribes_nobody(house: House) -> None:
    ada = await house.person()
    await ada.post("/account/profile", **ADA, newsletter="yes")
    genuine = link_in_header(
        (await house.newest_mail("ada@example.com")).headers["List-Unsubscribe"]
    )

    forged = [genuine[:-1] + ("0" if genuine[-1] != "0" else "1"), genuine + "0", genuine[:-64]]
    answers = [await post_without_cookie(house, link) for link in [*forged, forged[0] + "%00é"]]

    assert answers == [410, 410, 410, 410]
    assert [profile.newsletter for profile in await house.rows(Profile)] == [True]


@ON_SQLITE
async def test_s50_with_a_cookie_the_link_is_for_this_site_alone(house: House) -> None:
    """S50: without one there is no power to borrow, with one the rule of every form holds."""
    ada = await house.person()
    link = "/newsletter/unsubscribe/usr_1.0"

    from_elsewhere = await ada.http.post(link, headers={"origin": "https://evil.example"})

    assert from_elsewhere.status_code == 403


@ON_SQLITE
async def test_the_headers_leave_in_one_piece(house: House) -> None:
    """Folded into encoded words, no mail program would find the address in them."""
    ada = await house.person()
    await ada.post("/account/profile", **ADA, newsletter="yes")
    mail = await house.newest_mail("ada@example.com")

    lines = message_of(mail, "Admit <hello@example.com>").as_bytes().decode().splitlines()

    link = ORIGIN + link_in_header(mail.headers["List-Unsubscribe"])
    for name, value in unsubscribe_headers(link).items():
        assert f"{name}: {value}" in lines


def link_in_header(header: str) -> str:
    found = re.fullmatch(rf"<{re.escape(ORIGIN)}(/newsletter/unsubscribe/\S+)>", header)
    assert found is not None
    return found[1]


async def post_without_cookie(house: House, link: str) -> int:
    stranger: Browser = house.browser()
    return (await stranger.post(link, **{"List-Unsubscribe": "One-Click"})).status_code
