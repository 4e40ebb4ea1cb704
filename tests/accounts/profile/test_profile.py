"""Who somebody is here: what they may say, what is theirs alone, and how it is shown."""

import asyncio
from datetime import timedelta

import pytest
from fastapi.routing import iter_route_contexts

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.profile.handles import RESERVED, key_of, problem_with
from admit.accounts.profile.models import Profile
from admit.accounts.profile.places import LOCALES, is_time_zone, locales, zones
from admit.accounts.routes import router
from tests.accounts.house import House
from tests.engines.document import facts_of, read

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADA = {"first_name": "Ada", "last_name": "Lovelace"}


async def test_a_person_says_who_they_are_and_pages_speak_their_way(house: House) -> None:
    """S2-12, U1, U2: names, display name, handle, zone and locale are shown, changed and used."""
    ada = await house.person()

    saved = await ada.post(
        "/account/profile",
        first_name=" Augusta  Ada ",
        last_name="King",
        display_name="The Countess",
        handle="@Ada_King",
        time_zone="Asia/Tokyo",
        locale="de",
    )
    shown = await ada.get("/account/profile")
    (user,) = await house.rows(User)
    (profile,) = await house.rows(Profile)

    assert (saved.status_code, saved.headers["location"]) == (303, "/account/profile")
    assert (user.first_name, user.last_name) == ("Augusta Ada", "King")
    assert (profile.display_name, profile.handle, profile.handle_key) == (
        "The Countess",
        "Ada_King",
        "ada-king",
    )
    assert "Your profile is saved." in shown.text
    assert "The Countess" in shown.text
    assert 'value="Asia/Tokyo" selected' in shown.text
    assert facts_of(read(shown.text))["Last sign-in"].endswith("JST")


@ON_SQLITE
async def test_a_person_sees_since_when_they_are_a_member_and_when_they_last_came(
    house: House,
) -> None:
    """S0-04: the last sign-in moves with every sign-in."""
    ada = await house.person()
    (before,) = await house.rows(User)

    house.clock.move(timedelta(seconds=90))
    await ada.sign_in()
    facts = facts_of(read((await ada.get("/account/profile")).text))
    (after,) = await house.rows(User)

    assert (after.last_login_at - before.last_login_at).total_seconds() == 90
    joined = before.created_at
    assert facts["Member since"] == f"{joined:%B} {joined.day}, {joined.year}"


@ON_SQLITE
async def test_a_person_is_told_field_by_field_and_loses_nothing_they_typed(house: House) -> None:
    ada = await house.person()

    answer = await ada.post(
        "/account/profile",
        first_name="",
        last_name="Lovelace",
        display_name="see www.evil.example",
        handle="a b",
        time_zone="Mars/Olympus",
        locale="xx",
    )
    (user,) = await house.rows(User)

    assert answer.status_code == 422
    for sentence in (
        "Enter your first name.",
        "Your display name may not hold a link.",
        "Use letters from a to z, digits, and single - or _ between them.",
        "Choose a time zone from the list.",
        "Choose a language and region from the list.",
    ):
        assert answer.text.count(sentence) == 2
    assert 'value="a b"' in answer.text
    assert user.first_name == "Ada"


async def test_a_handle_belongs_to_one_person_in_every_spelling(house: House) -> None:
    """S2-01, U1: a taken handle is refused beside its field, also when two ask at once."""
    ada, eve, bob = [await house.person(f"{name}@example.com") for name in ("ada", "eve", "bob")]
    await ada.post("/account/profile", **ADA, handle="Ada-L")

    taken = await eve.post("/account/profile", **ADA, handle="aDA_l")
    at_once = await asyncio.gather(
        eve.post("/account/profile", **ADA, handle="babbage"),
        bob.post("/account/profile", **ADA, handle="Babbage"),
    )
    freed = await ada.post("/account/profile", **ADA, handle="")
    now_free = await eve.post("/account/profile", **ADA, handle="ada-l")

    assert taken.status_code == 422
    assert "That handle is taken. Choose another one." in taken.text
    assert sorted(answer.status_code for answer in at_once) == [303, 422]
    assert (freed.status_code, now_free.status_code) == (303, 303)


@pytest.mark.parametrize(
    ("handle", "sentence"),
    [
        ("ab", "A handle has 3 to 30 characters."),
        ("a" * 31, "A handle has 3 to 30 characters."),
        ("-ada", "Use letters from a to z, digits, and single - or _ between them."),
        ("ada--l", "Use letters from a to z, digits, and single - or _ between them."),
        (
            "\N{CYRILLIC SMALL LETTER A}da",
            "Use letters from a to z, digits, and single - or _ between them.",
        ),
        ("ada\n", "Use letters from a to z, digits, and single - or _ between them."),
        ("Admin", "That handle is reserved. Choose another one."),
        ("sign_in", "That handle is reserved. Choose another one."),
        ("ad-min", "That handle is reserved. Choose another one."),
        ("ada-l", None),
        ("1815", None),
    ],
)
def test_a_handle_looks_like_nobody_but_its_owner(handle: str, sentence: str | None) -> None:
    assert problem_with(handle) == sentence


def test_every_first_word_of_our_addresses_is_reserved() -> None:
    words = {str(route.path).split("/")[1] for route in iter_route_contexts(router.routes)}

    free = {word for word in words if word.isalpha() and key_of(word) not in RESERVED}
    assert free == set(), "add them to RESERVED, so that nobody takes them as a handle"


def test_every_zone_and_locale_that_is_offered_can_be_used() -> None:
    names = [name for _, group in zones() for name, _ in group]

    assert len(names) > 300
    assert [name for name in names if not is_time_zone(name)] == []
    assert {code for code, _ in locales()} == set(LOCALES)


@ON_SQLITE
async def test_s56_a_form_changes_only_what_the_page_offers(house: House) -> None:
    """S56: extra fields are ignored on a write."""
    ada = await house.person()
    (before,) = await house.rows(User)
    more = {"role": "admin", "is_admin": "true", "email": "eve@example.com", "id": "usr_1"}
    more |= {"email_verified": "true", "verified_at": "2000-01-01", "password_hash": "x"}

    answer = await ada.post("/account/profile", **ADA, **more, user_id="usr_2", is_active="false")
    (after,) = await house.rows(User)

    kept = ("id", "role", "email", "email_key", "verified_at", "password_hash", "is_active")
    assert answer.status_code == 303
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


@ON_SQLITE
async def test_a_change_stands_in_the_history_and_strangers_are_led_to_sign_in(
    house: House,
) -> None:
    ada = await house.person()

    await ada.post("/account/profile", **ADA)
    anonymous = await house.browser().get("/account/profile")

    assert [event.what for event in await house.rows(SecurityEvent)][-1] == "profile_changed"
    assert anonymous.headers["location"] == "/sign-in?next=%2Faccount%2Fprofile"
