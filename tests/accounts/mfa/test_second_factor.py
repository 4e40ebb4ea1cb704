"""The second step of signing in: what passes it, what does not, and how often one may try."""

from datetime import timedelta

import pyotp

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.mfa.models import RecoveryCode, TotpApp
from admit.accounts.sessions.models import Session
from admit.accounts.sign_in.models import SignInAttempt
from tests.accounts.house import House, another
from tests.accounts.second_step import (
    codes_on,
    enter,
    next_step,
    now_of,
    protected,
    protects_the_account,
    scan,
)
from tests.accounts.settled import settled


async def test_a_person_sets_up_an_app_and_signs_in_with_both_steps(house: House) -> None:
    ada = await protects_the_account(await house.person(), "ada@example.com")
    phone = house.browser()

    first = await phone.sign_in(next="/premium")
    page = await phone.get("/sign-in/2fa")
    between = await phone.whoami()
    second = await enter(phone, code=next_step(ada))

    assert (first.status_code, first.headers["location"]) == (303, "/sign-in/2fa")
    assert 'autocomplete="one-time-code"' in page.text
    assert between is None
    assert (second.status_code, second.headers["location"]) == (303, "/premium")
    assert await phone.whoami() == {"email": "ada@example.com", "verified": True, "admin": False}
    sessions = {row.amr for row in await house.rows(Session)}
    assert sessions == {"code", "password totp"}
    subjects = [mail.subject for mail in await house.mails("ada@example.com")]
    assert "Two-factor sign-in is on at Admit" in subjects


async def test_s28_the_session_begins_anew_with_the_second_step(house: House) -> None:
    ada = await protected(house)
    before = ada.browser.cookies["session"]

    await ada.browser.sign_in()
    between = ada.browser.cookies["session"]
    await enter(ada.browser, code=next_step(ada))

    assert between == before
    assert ada.browser.cookies["session"] != before
    assert "sign_in" not in ada.browser.cookies
    fixed = house.browser()
    fixed.http.cookies.set("session", before)
    fixed.http.cookies.set("sign_in", "brought-along")
    assert await fixed.whoami() is None
    assert (await enter(fixed, code=next_step(ada))).headers["location"] == "/sign-in"


async def test_s16_a_code_of_the_app_works_once_however_it_is_written(house: House) -> None:
    ada = await protected(house)
    code = next_step(ada)
    await enter(await ada.passes_password(), code=code)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)

    again = [
        (await enter(await ada.passes_password(), code=written)).status_code
        for written in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", full_width)
    ]

    assert again == [422] * 4


async def test_s16_an_unused_code_may_be_written_with_spaces_or_full_width(house: House) -> None:
    ada = await protected(house)
    house.clock.move(timedelta(minutes=2))
    spaced = await enter(await ada.passes_password(), code=f" {ada.code()[:3]} {ada.code()[3:]} ")
    house.clock.move(timedelta(minutes=2))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in ada.code())

    assert spaced.status_code == 303
    assert (await enter(await ada.passes_password(), code=wide)).status_code == 303


async def test_s15_a_code_counts_one_step_early_or_late_and_no_more(house: House) -> None:
    ada = await protected(house)
    house.clock.move(timedelta(minutes=10))
    statuses = {
        steps: (
            await enter(await ada.passes_password(), code=ada.code(seconds=30 * steps))
        ).status_code
        for steps in (-2, 2, -1, 0, 1)
    }

    assert statuses == {-2: 422, 2: 422, -1: 303, 0: 303, 1: 303}


async def test_the_step_before_the_last_one_used_is_over(house: House) -> None:
    ada = await protected(house)
    house.clock.move(timedelta(minutes=10))
    await enter(await ada.passes_password(), code=ada.code(seconds=30))

    late = await enter(await ada.passes_password(), code=ada.code())

    assert late.status_code == 422


async def test_s15_a_paused_sign_in_ends_after_a_quarter_of_an_hour(house: House) -> None:
    ada = await protected(house)
    phone = await ada.passes_password()

    house.clock.move(timedelta(minutes=15, seconds=1))
    late = await enter(phone, code=ada.code())

    assert (late.status_code, late.headers["location"]) == (303, "/sign-in")
    assert await phone.whoami() is None


async def test_s20_five_wrong_codes_end_the_sign_in(house: House) -> None:
    ada = await protected(house)
    phone = await ada.passes_password()
    wrong = another(next_step(ada))

    statuses = [(await enter(phone, code=wrong)).status_code for _ in range(5)]
    right = await enter(phone, code=next_step(ada))

    assert statuses == [422, 422, 422, 422, 303]
    assert (right.status_code, right.headers["location"]) == (303, "/sign-in")
    assert await phone.whoami() is None


async def test_s12_the_sixth_wrong_code_in_five_minutes_waits_in_whatever_browser(
    house: House,
) -> None:
    ada = await protected(house)
    wrong = another(next_step(ada))
    for number in range(5):
        browser = await ada.passes_password(house.browser(f"203.0.113.{number}"))
        await enter(browser, code=wrong)
    sixth = await ada.passes_password(house.browser("203.0.113.99"))

    held = await enter(sixth, code=next_step(ada))
    house.clock.move(timedelta(minutes=5, seconds=1))
    entered = await enter(sixth, code=ada.code())

    assert held.status_code == 429
    assert "There were too many tries. Try again in 5 minutes." in held.text
    assert held.headers["retry-after"] == "300"
    assert entered.status_code == 303


async def test_s12_guesses_are_counted_by_the_hour_the_day_and_the_network(house: House) -> None:
    ada = await protected(house)
    user_id = (await house.rows(Session))[0].user_id
    soon = house.clock.wall() + timedelta(minutes=30)
    keys = {
        f"second_factor_hour:{user_id}": 20,
        f"second_factor_day:{user_id}": 50,
        "second_factor_network_hour:127.0.0.1": 50,
        "second_factor_network:127.0.0.1": 10,
    }
    statuses = {}
    for key, count in keys.items():
        await house.execute("DELETE FROM limit_windows")
        await house.execute(
            "INSERT INTO limit_windows (key, count, ends_at) VALUES (:key, :count, :ends_at)",
            key=key,
            count=count,
            ends_at=soon,
        )
        phone = await ada.passes_password()
        statuses[key] = (await enter(phone, code=next_step(ada))).status_code

    assert statuses == dict.fromkeys(keys, 429)


async def test_s12_whoever_stole_the_password_does_not_keep_its_owner_from_the_second_step(
    house: House,
) -> None:
    """S12: a browser that was let in before, and a session, count by themselves."""
    ada = await protected(house)
    wrong = another(next_step(ada))
    for number in range(6):
        thief = await ada.passes_password(house.browser(f"203.0.113.{number}"))
        held = await enter(thief, code=wrong)

    proved = await ada.browser.post("/sign-in/again", recovery_code=ada.codes[1])
    await ada.browser.post("/sign-out")
    at_home = await enter(await ada.passes_password(ada.browser), code=next_step(ada))

    assert held.status_code == 429
    assert (proved.headers["location"], at_home.headers["location"]) == ("/account", "/account")
    refused = [row.what for row in await house.rows(SecurityEvent) if row.method == "totp"]
    assert refused.count("sign_in_held_back") == 1


async def test_a_right_code_is_taken_out_of_the_count(house: House) -> None:
    ada = await protected(house)

    for _ in range(7):
        house.clock.move(timedelta(seconds=30))
        assert (await enter(await ada.passes_password(), code=ada.code())).status_code == 303


async def test_a_recovery_code_opens_once_and_its_owner_is_told(house: House) -> None:
    ada = await protected(house)
    code = ada.codes[3]

    used = await enter(await ada.passes_password(), recovery_code=code.upper().replace("-", " "))
    again = await enter(await ada.passes_password(), recovery_code=code)
    page = await ada.browser.get("/account/security")

    assert (used.status_code, again.status_code) == (303, 422)
    assert "That recovery code is not right, or it was used before." in again.text
    assert "9 recovery codes left" in page.text
    subjects = [mail.subject for mail in await house.mails("ada@example.com")]
    assert "A recovery code was used at Admit" in subjects


async def test_s17_neither_secret_nor_codes_are_in_the_database(house: House) -> None:
    ada = await protected(house)
    code = next_step(ada)
    await ada.passes_password()

    dump = await house.dump()

    assert ada.app.secret not in dump
    for shown in (*ada.codes, *(code.replace("-", "") for code in ada.codes)):
        assert shown not in dump
    assert f"'{code}'" not in dump
    (app,) = await house.rows(TotpApp)
    assert app.sealed is not None
    assert len(await house.rows(RecoveryCode)) == 10


async def test_two_factor_is_on_only_once_a_recovery_code_was_typed_back(house: House) -> None:
    ada = await settled(house)
    app = await scan(ada)
    shown = await ada.post("/account/security/two-factor", code=now_of(ada, app))
    signed_in_before = await house.browser().sign_in()

    wrong = await ada.post(
        "/account/security/recovery-codes/confirmation", recovery_code="abcd-efgh-jkmn"
    )
    page = await ada.get("/account/security/two-factor")
    right = await ada.post(
        "/account/security/recovery-codes/confirmation", recovery_code=codes_on(shown)[9]
    )

    assert len(set(codes_on(shown))) == 10
    assert signed_in_before.headers["location"] == "/account"
    assert wrong.status_code == 422
    assert "That is none of your new codes." in wrong.text
    assert "One step is left" in page.text
    assert right.headers["location"] == "/account/security"
    assert (await house.browser().sign_in()).headers["location"] == "/sign-in/2fa"


async def test_new_recovery_codes_replace_the_old_ones_when_they_are_kept(house: House) -> None:
    ada = await protected(house)
    new = codes_on(await ada.browser.post("/account/security/recovery-codes"))

    old_still_works = await enter(await ada.passes_password(), recovery_code=ada.codes[1])
    new_not_yet = await enter(await ada.passes_password(), recovery_code=new[1])
    kept = await ada.browser.post(
        "/account/security/recovery-codes/confirmation", recovery_code=new[2]
    )
    old_no_more = await enter(await ada.passes_password(), recovery_code=ada.codes[2])
    new_works = await enter(await ada.passes_password(), recovery_code=new[2])

    assert kept.headers["location"] == "/account/security/two-factor"
    statuses = [a.status_code for a in (old_still_works, new_not_yet, old_no_more, new_works)]
    assert statuses == [303, 422, 422, 303]


async def test_s26_another_app_takes_over_once_it_showed_a_code_and_is_told(house: House) -> None:
    """S26, S59: whoever swaps the app at an open screen does so under its owner's eyes."""
    ada = await protected(house)
    new = await scan(ada.browser)
    house.clock.move(timedelta(minutes=1))

    old_still_works = await enter(await ada.passes_password(), code=ada.code())
    house.clock.move(timedelta(minutes=1))
    wrong = await ada.browser.post("/account/security/two-factor", code=another(ada.code()))
    taken = await ada.browser.post("/account/security/two-factor", code=now_of(ada.browser, new))
    house.clock.move(timedelta(minutes=1))
    old_no_more = await enter(await ada.passes_password(), code=ada.code())
    new_works = await enter(await ada.passes_password(), code=now_of(ada.browser, new))

    assert (wrong.status_code, taken.status_code) == (422, 303)
    assert taken.headers["location"] == "/account/security/two-factor"
    statuses = [a.status_code for a in (old_still_works, old_no_more, new_works)]
    assert statuses == [303, 422, 303]
    subjects = [mail.subject for mail in await house.mails("ada@example.com")]
    assert subjects.count("Your authenticator app was changed at Admit") == 1
    history = [row.what for row in await house.rows(SecurityEvent)]
    assert history.count("authenticator_changed") == 1


async def test_s26_switching_it_off_forgets_all_of_it_and_is_told(house: House) -> None:
    ada = await protected(house)

    await ada.browser.post("/account/security/two-factor/off")

    assert (await house.browser().sign_in()).headers["location"] == "/account"
    assert await house.rows(TotpApp) == []
    assert await house.rows(RecoveryCode) == []
    subjects = [mail.subject for mail in await house.mails("ada@example.com")]
    assert "Two-factor sign-in is off at Admit" in subjects


async def test_s59_the_two_steps_are_rows_of_the_security_history(house: House) -> None:
    ada = await protected(house)
    await house.execute("DELETE FROM security_events")

    phone = house.browser("203.0.113.7")
    await phone.sign_in()
    await enter(phone, code=another(next_step(ada)))
    await enter(phone, code=next_step(ada))

    history = sorted(await house.rows(SecurityEvent), key=lambda row: row.id)
    assert [(row.what, row.method, row.ip) for row in history] == [
        ("second_factor_asked", "password", "203.0.113.7"),
        ("second_factor_refused", "totp", "203.0.113.7"),
        ("signed_in", "password", "203.0.113.7"),
    ]
    assert await house.rows(SignInAttempt) == []


async def test_the_qr_code_carries_what_an_app_reads(house: House) -> None:
    """The address itself is what pyotp writes and reads; the drawing is segno's."""
    ada = await settled(house)
    app = await scan(ada)
    page = await ada.get("/account/security/two-factor")

    assert "<svg" in page.text
    assert "<title>QR code for your app</title>" in page.text
    assert pyotp.parse_uri(
        f"otpauth://totp/Admit:ada%40example.com?secret={app.secret}&issuer=Admit"
    ).secret == (app.secret)
