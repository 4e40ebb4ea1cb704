"""Passkeys: made, used, named, removed; the device is in software, the rest is the product."""

from dataclasses import replace
from datetime import timedelta

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.passkeys.models import Passkey, PasskeyChallenge
from tests.accounts.house import Browser, House
from tests.accounts.passkeys.authenticator import PRESENT, SYNCABLE, SYNCED, Authenticator
from tests.accounts.passkeys.steps import PAGE, adds, asked, signs_in
from tests.accounts.settled import settled

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADA = {"email": "ada@example.com", "verified": True, "admin": False}


async def test_s26_a_person_adds_a_passkey_is_told_and_signs_in_with_nothing_else(
    house: House,
) -> None:
    """S26: the mail; nothing is typed to sign in, and `next` is kept."""
    ada = await settled(house)
    phone = await adds(ada)
    told = await house.newest_mail("ada@example.com")
    page = await ada.get(PAGE)
    elsewhere = house.browser()

    arrived = await signs_in(elsewhere, phone, next="/premium")

    assert ("A passkey was added" in told.subject, "My phone" in told.text) == (True, True)
    assert ("My phone" in page.text, "Synced" in page.text) == (True, True)
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/premium")
    assert await elsewhere.whoami() == ADA
    (passkey,) = await house.rows(Passkey)
    assert (passkey.name, passkey.last_used_at) == ("My phone", house.clock.wall())
    outcomes = [(e.what, e.method) for e in await house.rows(SecurityEvent)][-2:]
    assert sorted(outcomes) == [("passkey_added", "passkey"), ("signed_in", "passkey")]


@ON_SQLITE
async def test_a_passkey_stands_for_two_factors_and_goes_on_with_a_sign_in_that_waits(
    house: House,
) -> None:
    """S0-46: the person is verified by the device, so the second factor is there already."""
    ada = await settled(house)
    phone = await adds(ada)
    await house.execute("UPDATE users SET two_factor_since = created_at")
    by_itself, second = house.browser(), house.browser()

    alone = await signs_in(by_itself, phone)
    paused = await second.sign_in(next="/premium")
    nobody = await second.whoami()
    shown = await second.get("/sign-in/2fa")
    options = await asked(second, "/sign-in/2fa/passkey")
    answered = phone.use(options, with_handle=False)
    went_on = await second.post("/sign-in/2fa/passkey", credential=answered)

    assert alone.headers["location"] == "/account"
    assert (paused.headers["location"], nobody) == ("/sign-in/2fa", None)
    assert 'action="/sign-in/2fa/passkey"' in shown.text
    assert len(options["allowCredentials"]) == 1
    assert (went_on.status_code, went_on.headers["location"]) == (303, "/premium")
    assert (await by_itself.whoami(), await second.whoami()) == (ADA, ADA)


async def test_s20_five_wrong_passkeys_end_a_sign_in_that_waits(house: House) -> None:
    ada = await settled(house)
    phone = await adds(ada)
    stranger = Authenticator(credential_id=phone.credential_id, user_handle=phone.user_handle)
    await house.execute("UPDATE users SET two_factor_since = created_at")
    second = house.browser()
    await second.sign_in()

    questions = [await asked(second, "/sign-in/2fa/passkey") for _ in range(6)]

    answers = [
        await second.post("/sign-in/2fa/passkey", credential=device.use(question))
        for device, question in zip([stranger] * 5 + [phone], questions, strict=True)
    ]

    assert [each.status_code for each in answers[:4]] == [422] * 4
    assert [each.headers["location"] for each in answers[4:]] == ["/sign-in"] * 2
    assert await second.whoami() is None


@ON_SQLITE
async def test_s35_a_passkey_shows_once_more_who_somebody_is(house: House) -> None:
    """S35, S28: what needs a fresh proof asks for it, and the session goes on under a new token."""
    ada = await settled(house)
    phone = await adds(ada)
    before = ada.cookies["session"]
    house.clock.move(timedelta(minutes=5, seconds=1))

    refused = await ada.http.post(f"{PAGE}/options", headers={"accept": "application/json"})
    led = await ada.post(PAGE)
    options = await asked(ada, "/sign-in/again/passkey")
    proved = await ada.post(
        "/sign-in/again/passkey", credential=phone.use(options), next="/account/passkeys"
    )
    await adds(ada, "My key")

    assert (refused.status_code, refused.json()["code"]) == (403, "reauth_required")
    assert led.headers["location"].startswith("/sign-in/again")
    assert (proved.status_code, proved.headers["location"]) == (303, PAGE)
    assert ada.cookies["session"] != before
    assert len(await house.rows(Passkey)) == 2


@ON_SQLITE
async def test_s35_a_passkey_of_another_person_proves_nothing(house: House) -> None:
    ada, mallory = await settled(house), await settled(house, "mallory@example.com")
    await adds(ada)
    mallorys = await adds(mallory)
    options = await asked(ada, "/sign-in/again/passkey")

    refused = await ada.post("/sign-in/again/passkey", credential=mallorys.use(options))

    assert refused.status_code == 422
    assert "The passkey could not be used here" in refused.text


@ON_SQLITE
async def test_what_a_device_answers_must_be_right_in_every_part(house: House) -> None:
    """S19, S41 for passkeys: origin, site, key, verified user, purpose, browser, time, use."""
    ada, mallory = await settled(house), house.browser()
    phone = await adds(ada)
    handle, name = phone.user_handle, phone.credential_id
    liars = {
        "another key": Authenticator(credential_id=name, user_handle=handle),
        "unknown": Authenticator(user_handle=handle),
        "another person": copied(phone, user_handle=b"usr_somebody"),
        "nobody": copied(phone, user_handle=None),
        "another origin": copied(phone, origin="https://evil.example"),
        "another site": copied(phone, site="evil.example"),
        "unverified user": copied(phone, flags=PRESENT | SYNCABLE | SYNCED),
        "absent user": copied(phone, flags=SYNCABLE | SYNCED),
    }

    answers = {what: (await signs_in(mallory, liar)).status_code for what, liar in liars.items()}
    other_purpose = phone.use(await asked(ada, "/sign-in/again/passkey"))
    answers["another purpose"] = await status(mallory, other_purpose)
    used = phone.use(await asked(mallory, "/sign-in/passkey"))
    answers["another browser"] = await status(house.browser(), used)
    answers["used"] = await status(mallory, used)
    late = phone.use(await asked(mallory, "/sign-in/passkey"))
    house.clock.move(timedelta(minutes=10, seconds=1))
    answers["late"] = await status(mallory, late)
    for what in ("", "{", "[]", "{}", "7", '{"id": "' + "a" * 2000 + '"}', "[" * 30_000):
        answers[what[:9]] = await status(mallory, what)

    assert answers == dict.fromkeys(answers, 422)
    assert await mallory.whoami() is None


@ON_SQLITE
async def test_a_copied_key_is_noticed_by_its_counter(house: House) -> None:
    ada = await settled(house)
    phone = await adds(ada)
    phone.counts = True
    copy = copied(phone)
    first = await signs_in(house.browser(), phone)

    behind = await signs_in(house.browser(), copy)
    ahead = await signs_in(house.browser(), phone)

    assert [each.status_code for each in (first, behind, ahead)] == [303, 422, 303]


@ON_SQLITE
async def test_s27_an_inactive_account_is_closed_to_passkeys_too(house: House) -> None:
    ada = await settled(house)
    phone = await adds(ada)
    await house.execute("UPDATE users SET is_active = :no", no=False)

    refused = await signs_in(house.browser(), phone)

    assert refused.status_code == 422


@ON_SQLITE
async def test_what_is_made_must_be_right_too(house: House) -> None:
    ada, mallory = await settled(house), await settled(house, "mallory@example.com")
    phone = await adds(ada)
    makers = {
        "another origin": Authenticator(origin="https://evil.example"),
        "another site": Authenticator(site="evil.example"),
        "unverified user": Authenticator(flags=PRESENT),
    }

    answers = {}
    for what, maker in makers.items():
        credential = maker.make(await asked(ada, PAGE))
        answers[what] = (await ada.post(PAGE, credential=credential)).status_code
    of_another_session = Authenticator().make(await asked(mallory, PAGE))
    answers["another session"] = (await ada.post(PAGE, credential=of_another_session)).status_code
    answers["nothing"] = (await ada.post(PAGE, credential="{}")).status_code
    answers["known"] = (
        await mallory.post(PAGE, credential=copied(phone).make(await asked(mallory, PAGE)))
    ).status_code
    excluded = (await asked(ada, PAGE))["excludeCredentials"]

    assert answers == {**dict.fromkeys(answers, 422), "known": 409}
    assert len(await house.rows(Passkey)) == len(excluded) == 1


@ON_SQLITE
async def test_passkeys_are_named_renamed_and_removed_by_their_owner_only(house: House) -> None:
    """S26, S56: removing is told by mail; a foreign one is not there."""
    ada = await settled(house)
    mallory = await settled(house, "mallory@example.com")
    ada.http.headers["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"
    phone = await adds(ada, "")
    (passkey,) = await house.rows(Passkey)
    path = f"{PAGE}/{passkey.id}"

    unnamed = passkey.name
    foreign = [await mallory.post(f"{path}/{what}", name="Mine") for what in ("name", "remove")]
    renamed = await ada.post(f"{path}/name", name="  Key \n ring ")
    wrong = [await ada.post(f"{path}/name", name=name) for name in ("", "k" * 61)]
    page = await ada.get(PAGE)
    removed = await ada.post(f"{path}/remove")
    told = await house.newest_mail("ada@example.com")

    assert unnamed == "Chrome on Linux"
    assert [each.status_code for each in (*foreign, renamed, *wrong)] == [404, 404, 303, 422, 422]
    assert "Key ring" in page.text
    assert (removed.status_code, "Key ring" in told.text) == (303, True)
    assert (await signs_in(house.browser(), phone)).status_code == 422
    assert await house.rows(Passkey) == []


@ON_SQLITE
async def test_the_last_way_in_stays_a_passkey_too(house: House) -> None:
    ada = await settled(house)
    await adds(ada)
    await house.execute("UPDATE users SET password_hash = NULL")
    (passkey,) = await house.rows(Passkey)

    refused = await ada.post(f"{PAGE}/{passkey.id}/remove")

    assert refused.status_code == 409
    assert "That is your last way in" in refused.text


@ON_SQLITE
async def test_an_account_holds_twenty_at_most(house: House) -> None:
    ada = await settled(house)
    (user,) = await house.rows(User)
    async with house.database.write() as db:
        db.add_all([another(user, number) for number in range(20)])

    refused = await ada.post(PAGE, credential=Authenticator().make(await asked(ada, PAGE)))

    assert refused.status_code == 409
    assert len(await house.rows(Passkey)) == 20


@ON_SQLITE
async def test_s17_no_challenge_is_in_the_database(house: House) -> None:
    """S17: only the hash of what is asked for and of the cookie it is bound to."""
    ada = house.browser()
    options = await asked(ada, "/sign-in/passkey")

    dump = await house.dump()

    assert len(await house.rows(PasskeyChallenge)) == 1
    secrets = [options["challenge"], ada.cookies["passkey"]]
    assert [secret for secret in secrets if secret in dump] == []


def another(user: User, number: int) -> Passkey:
    return Passkey(
        id=f"pky_{number}",
        user_id=user.id,
        credential_id=f"key{number:05}",
        public_key=b"key",
        sign_count=0,
        name=f"Key {number}",
        transports="",
        is_synced=False,
        created_at=user.created_at,
    )


async def status(browser: Browser, credential: str) -> int:
    return (await browser.post("/sign-in/passkey", credential=credential)).status_code


def copied(phone: Authenticator, **changes: object) -> Authenticator:
    return replace(phone, **changes)  # type: ignore[arg-type]
