"""Signing in: who is let in, who is held back, and what nobody is told."""

import asyncio
from datetime import timedelta

from jinja2 import Environment

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from tests.accounts.answers import shown
from tests.accounts.house import House, open_house

WRONG = "not the right bridge"


async def test_s10_unknown_wrong_and_inactive_are_refused_alike(house: House) -> None:
    await house.person("here@example.com")
    await house.person("gone@example.com")
    await house.browser().sign_up("soon@example.com")
    await house.execute(
        "UPDATE users SET is_active = :no WHERE email_key = 'gone@example.com'", no=False
    )

    answers = [
        shown(await house.browser().sign_in(email, password))
        for email, password in (
            ("none@example.com", WRONG),
            ("here@example.com", WRONG),
            ("gone@example.com", "heron under the quiet bridge"),
            ("soon@example.com", WRONG),
        )
    ]

    assert answers[0][0] == 422
    assert "That address and password do not belong together." in answers[0][2]
    assert answers == [answers[0]] * 4
    assert "set-cookie" not in dict(answers[0][1])


async def test_s12_the_11th_failure_waits_and_a_known_browser_still_enters(house: House) -> None:
    """Eleven addresses, so that it is the account that counts."""
    ada = await house.person()
    await ada.post("/sign-out")

    failures = [
        (await house.browser(f"203.0.113.{i}").sign_in(password=WRONG)).status_code
        for i in range(11)
    ]
    held = await house.browser("203.0.113.99").sign_in()
    known = await ada.sign_in()

    assert failures == [422] * 10 + [429]
    assert held.status_code == 429
    assert "There were too many tries. Try again in 5 minutes." in held.text
    assert 290 <= int(held.headers["retry-after"]) <= 300
    assert (known.status_code, known.headers["location"]) == (303, "/account")


async def test_s12_the_wait_ends(house: House) -> None:
    await house.person()
    await house.browser().sign_in(password=WRONG)
    await house.execute("UPDATE limit_windows SET count = 10 WHERE key LIKE 'sign_in_account:%'")
    held = await house.browser().sign_in()

    house.clock.move(timedelta(minutes=5, seconds=1))

    assert held.status_code == 429
    assert (await house.browser().sign_in()).status_code == 303


async def test_s12_an_unknown_address_is_held_back_like_a_known_one(house: House) -> None:
    await house.person("here@example.com")
    for email in ("here@example.com", "none@example.com"):
        await house.browser().sign_in(email, WRONG)
    await house.execute("UPDATE limit_windows SET count = 10 WHERE key LIKE 'sign_in_account:%'")

    known = await house.browser().sign_in("here@example.com", WRONG)
    unknown = await house.browser().sign_in("none@example.com", WRONG)

    assert shown(known) == shown(unknown)
    assert known.status_code == 429


async def test_s12_a_known_browser_is_held_back_by_its_own_failures_only(house: House) -> None:
    ada = await house.person()

    await ada.sign_in(password=WRONG)
    await house.execute("UPDATE limit_windows SET count = 10 WHERE key LIKE 'sign_in_device:%'")

    own, other = await ada.sign_in(), await house.browser().sign_in()

    assert (own.status_code, other.status_code) == (429, 303)


async def test_a_burst_of_wrong_passwords_is_counted_whole(house: House) -> None:
    await house.person()

    burst = await asyncio.gather(
        *(house.browser(f"203.0.113.{i}").sign_in(password=WRONG) for i in range(25))
    )

    statuses = [answer.status_code for answer in burst]
    assert (statuses.count(422), statuses.count(429)) == (10, 15)


async def test_s13_a_success_at_one_account_does_not_clear_what_the_network_did(
    house: House,
) -> None:
    await house.person("mallory@example.com")
    await house.execute(
        "INSERT INTO limit_windows (key, count, ends_at) VALUES (:key, 59, :ends_at)",
        key="sign_in_network:2001:db8::/64",
        ends_at=house.clock.wall() + timedelta(minutes=5),
    )

    own = await house.browser("2001:db8::1").sign_in("mallory@example.com")
    last = await house.browser("2001:db8::2").sign_in("nobody@example.com", WRONG)
    over = await house.browser("2001:db8::3").sign_in("nobody2@example.com", WRONG)
    neighbour = await house.browser("2001:db8:0:1::3").sign_in("nobody2@example.com", WRONG)

    assert [a.status_code for a in (own, last, over, neighbour)] == [303, 422, 429, 422]


async def test_s57_a_client_cannot_choose_its_address(
    database_url: str, templates: Environment
) -> None:
    async with open_house(database_url, templates) as direct:
        for i in range(3):
            forged = direct.browser("203.0.113.9", **{"x-forwarded-for": f"198.51.100.{i}"})
            await forged.sign_in("nobody@example.com", WRONG)
        history = await direct.rows(SecurityEvent)

    assert {row.ip for row in history} == {"203.0.113.9"}


async def test_s57_behind_one_trusted_proxy_the_last_entry_counts(
    database_url: str, templates: Environment
) -> None:
    async with open_house(database_url, templates, trusted_proxy_hops=1) as proxied:
        through = proxied.browser("10.0.0.1", **{"x-forwarded-for": "1.1.1.1, 198.51.100.7"})
        await through.sign_in("nobody@example.com", WRONG)
        (row,) = await proxied.rows(SecurityEvent)

    assert row.ip == "198.51.100.7"


async def test_s08_a_weaker_hash_is_replaced_at_the_next_sign_in(
    database_url: str, templates: Environment
) -> None:
    async with open_house(database_url, templates) as house:
        await house.person()
    async with open_house(database_url, templates, password_hash_memory_kib=20480) as stronger:
        (before,) = await stronger.rows(User)
        await stronger.browser().sign_in(password=WRONG)
        (unchanged,) = await stronger.rows(User)
        await stronger.browser().sign_in()
        (after,) = await stronger.rows(User)
        again = await stronger.browser().sign_in()

    assert before.password_hash.startswith("$argon2id$v=19$m=19456,t=3,p=4$")
    assert unchanged.password_hash == before.password_hash
    assert after.password_hash.startswith("$argon2id$v=19$m=20480,t=3,p=4$")
    assert again.status_code == 303


async def test_s09_an_unrelated_page_is_answered_while_passwords_are_hashed(house: House) -> None:
    await house.person()
    signing_in = asyncio.gather(
        *(house.browser(f"203.0.113.{i}").sign_in(f"p{i}@example.com") for i in range(12))
    )
    await asyncio.sleep(0)

    page = await house.browser().get("/sign-in")
    was_still_hashing = not signing_in.done()
    answers = await signing_in

    assert (page.status_code, was_still_hashing) == (200, True)
    assert [answer.status_code for answer in answers] == [422] * 12


async def test_the_last_login_is_noted_at_every_sign_in(house: House) -> None:
    ada = await house.person()
    (first,) = await house.rows(User)
    house.clock.move(timedelta(hours=1))

    await ada.sign_in()

    (second,) = await house.rows(User)
    assert timedelta(hours=1) <= second.last_login_at - first.last_login_at < timedelta(hours=2)


async def test_s59_each_outcome_is_one_row_with_who_what_when_where_and_how(house: House) -> None:
    ada = await house.person()
    await house.execute("DELETE FROM security_events")
    stranger = house.browser("2001:db8::7")
    start = house.clock.wall()
    await stranger.sign_in(password=WRONG)
    await stranger.sign_in("nobody@example.com", WRONG)
    await ada.sign_in()
    await ada.post("/sign-out")
    await ada.post("/sign-out")

    (user,) = await house.rows(User)
    history = sorted(await house.rows(SecurityEvent), key=lambda row: row.id)
    assert [(row.what, row.method, row.user_id, row.ip) for row in history] == [
        ("sign_in_refused", "password", user.id, "2001:db8::7"),
        ("sign_in_refused", "password", None, "2001:db8::7"),
        ("signed_in", "password", user.id, "127.0.0.1"),
        ("signed_out", "session", user.id, "127.0.0.1"),
    ]
    assert all(start <= row.occurred_at <= house.clock.wall() for row in history)


async def test_s30_a_deactivated_account_is_out_at_once(house: House) -> None:
    ada = await house.person()
    await house.execute("UPDATE users SET is_active = :no", no=False)

    assert await ada.whoami() is None
    assert len(await house.rows(Session)) == 1


async def test_somebody_unconfirmed_whose_mails_are_used_up_enters_and_is_told_the_wait(
    house: House,
) -> None:
    await house.browser().sign_up()
    await house.execute("UPDATE limit_windows SET count = 10 WHERE key LIKE 'verification_mail:%'")
    other = house.browser()

    signed_in = await other.sign_in()
    asked = await other.post("/verify/resend")

    assert signed_in.headers["location"] == "/verify"
    assert "verification" not in other.cookies
    assert asked.status_code == 429
    assert "Too many mails went to this address. You can ask again in 24 hours." in asked.text


async def test_who_is_signed_in_has_no_business_at_the_doors(house: House) -> None:
    ada = await house.person()

    to_page = await ada.get("/sign-in?next=/premium")
    to_plan = await ada.get("/sign-up?plan=pro_monthly")
    to_home = await ada.get("/verify")

    assert to_page.headers["location"] == "/premium"
    assert to_plan.headers["location"] == "/pricing?plan=pro_monthly"
    assert to_home.headers["location"] == "/account"


async def test_a_sign_in_form_without_an_address_or_password_says_what_is_missing(
    house: House,
) -> None:
    empty = await house.browser().sign_in("", "")

    assert empty.status_code == 422
    assert "Enter an e-mail address like name@example.com." in empty.text
    assert "Enter your password." in empty.text
