"""Step-up: what a session of five minutes may do, and how one shows again who one is."""

from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from tests.accounts.house import PASSWORD, House, another, code_in
from tests.accounts.second_step import next_step, protected
from tests.accounts.settled import settled

PAGE = "/account/security/two-factor"
LATER = timedelta(minutes=5, seconds=1)


async def test_s35_a_proof_lasts_five_minutes_and_a_password_renews_it(house: House) -> None:
    ada = await settled(house)
    fresh = await ada.get(PAGE)
    house.clock.move(LATER)

    stale = await ada.get(f"{PAGE}?x=1")
    page = await ada.get(stale.headers["location"])
    wrong = await ada.post("/sign-in/again", password="not this bridge", next=PAGE)
    right = await ada.post("/sign-in/again", password=PASSWORD, next=PAGE)

    assert fresh.status_code == 200
    assert stale.headers["location"] == f"/sign-in/again?next={PAGE.replace('/', '%2F')}%3Fx%3D1"
    assert f'<input type="hidden" name="next" value="{PAGE}?x=1">' in page.text
    assert (wrong.status_code, "That password is not right." in wrong.text) == (422, True)
    assert (right.status_code, right.headers["location"]) == (303, PAGE)
    assert (await ada.get(PAGE)).status_code == 200


async def test_s35_using_the_session_does_not_renew_the_proof(house: House) -> None:
    ada = await settled(house)

    for _ in range(6):
        house.clock.move(timedelta(minutes=1))
        await ada.get("/account")

    assert (await ada.get(PAGE)).status_code == 303


async def test_s35_programs_are_told_reauth_required(house: House) -> None:
    ada = await settled(house)
    house.clock.move(LATER)

    answer = await ada.http.post(f"{PAGE}/app", headers={"accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "reauth_required"


async def test_a_form_that_came_too_late_leads_back_to_its_page(house: House) -> None:
    ada = await settled(house)
    house.clock.move(LATER)
    referers = (f"http://127.0.0.1:8000{PAGE}", "https://evil.example/trap", "http://[", "")

    places = [
        (await ada.http.post(f"{PAGE}/off", headers={"referer": referer})).headers["location"]
        for referer in referers
    ]

    assert places == [
        f"/sign-in/again?next={PAGE.replace('/', '%2F')}",
        *["/sign-in/again?next=%2Faccount"] * 3,
    ]


async def test_s28_the_session_goes_on_under_a_new_token(house: House) -> None:
    ada = await settled(house)
    before = ada.cookies["session"]
    thief = house.browser()
    thief.http.cookies.set("session", before)
    stolen = await thief.whoami()

    await ada.post("/sign-in/again", password=PASSWORD)

    assert (stolen or {})["email"] == "ada@example.com"
    assert ada.cookies["session"] != before
    assert await thief.whoami() is None
    assert (await ada.whoami() or {})["email"] == "ada@example.com"


async def test_s35_nobody_proves_with_what_belongs_to_somebody_else(house: House) -> None:
    """Eve's own password, app and codes are worth nothing in Ada's session."""
    eve = await protected(house, "eve@example.com")
    ada = await protected(house)
    house.clock.move(LATER)
    await house.execute("UPDATE users SET password_hash = NULL WHERE email_key = 'ada@example.com'")

    statuses = [
        (await ada.browser.post("/sign-in/again", **fields)).status_code
        for fields in (
            {"password": PASSWORD},
            {"code": eve.code()},
            {"recovery_code": eve.codes[1]},
        )
    ]

    assert statuses == [422] * 3
    assert (await ada.browser.get(PAGE)).status_code == 303


async def test_a_code_of_the_app_or_a_recovery_code_proves_too(house: House) -> None:
    ada = await protected(house)
    house.clock.move(LATER)
    page = await ada.browser.get("/sign-in/again")

    by_app = await ada.browser.post("/sign-in/again", code=ada.code(), next=PAGE)
    again = await ada.browser.post("/sign-in/again", code=ada.code(), next=PAGE)
    by_recovery = await ada.browser.post("/sign-in/again", recovery_code=ada.codes[2], next=PAGE)

    assert 'name="code"' in page.text
    assert [a.status_code for a in (by_app, again, by_recovery)] == [303, 422, 303]


async def test_guessing_codes_here_counts_as_guessing_them_at_the_door(house: House) -> None:
    ada = await protected(house)
    wrong = another(next_step(ada))

    statuses = [(await ada.browser.post("/sign-in/again", code=wrong)).status_code] * 5
    statuses = [
        (await ada.browser.post("/sign-in/again", code=wrong)).status_code for _ in range(5)
    ]
    held = await ada.browser.post("/sign-in/again", code=next_step(ada))

    assert statuses == [422, 422, 422, 422, 429]
    assert (held.status_code, held.headers["retry-after"]) == (429, "300")


async def test_the_eleventh_wrong_password_waits(house: House) -> None:
    ada = await settled(house)

    statuses = [
        (await ada.post("/sign-in/again", password="not this bridge")).status_code
        for _ in range(11)
    ]

    assert statuses == [422] * 10 + [429]


async def test_somebody_without_password_or_app_proves_by_mail_in_this_session(
    house: House,
) -> None:
    ada, other = await settled(house), await settled(house, "eve@example.com")
    await house.execute("UPDATE users SET password_hash = NULL")
    house.clock.move(LATER)

    before = await ada.get("/sign-in/again")
    await ada.post("/sign-in/again/mail", next=PAGE)
    page = await ada.get(f"/sign-in/again?next={PAGE}")
    code = code_in(await house.newest_mail("ada@example.com"))
    early = await ada.post("/sign-in/again/mail", next=PAGE)
    elsewhere = await other.post("/sign-in/again", mailed_code=code)
    wrong = await ada.post("/sign-in/again", mailed_code=another(code), next=PAGE)
    right = await ada.post("/sign-in/again", mailed_code=code, next=PAGE)

    assert "Mail me a code" in before.text
    assert "Six-digit code that we sent to ada@example.com" in page.text
    assert "link" not in (await house.newest_mail("ada@example.com")).text
    assert [a.status_code for a in (early, elsewhere, wrong, right)] == [429, 422, 422, 303]
    assert right.headers["location"] == PAGE


async def test_a_mail_is_no_proof_for_whoever_has_something_stronger(house: House) -> None:
    ada = await settled(house)
    (user,) = await house.rows(User)
    await house.execute("UPDATE users SET password_hash = NULL")
    await ada.post("/sign-in/again/mail")
    code = code_in(await house.newest_mail("ada@example.com"))
    await house.execute("UPDATE users SET password_hash = :hash", hash=user.password_hash)

    assert (await ada.post("/sign-in/again", mailed_code=code)).status_code == 422
    assert (await ada.post("/sign-in/again", password=PASSWORD)).status_code == 303


async def test_s59_proofs_and_refusals_are_rows_of_the_security_history(house: House) -> None:
    ada = await settled(house)
    await house.execute("DELETE FROM security_events")

    await ada.post("/sign-in/again", password="not this bridge")
    await ada.post("/sign-in/again", password=PASSWORD)

    history = sorted(await house.rows(SecurityEvent), key=lambda row: row.id)
    assert [(row.what, row.method) for row in history] == [
        ("proof_refused", "password"),
        ("proved_again", "password"),
    ]


async def test_an_empty_form_says_what_is_missing(house: House) -> None:
    ada = await settled(house)

    assert "Enter your password or a code." in (await ada.post("/sign-in/again")).text
