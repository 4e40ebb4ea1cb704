"""A second factor that was lost: a recovery code, or staff and a day's patience."""

from datetime import timedelta

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.mfa.models import RecoveryCode, TotpApp, TwoFactorReset
from admit.accounts.mfa.service import ask_for_reset, carry_out_resets, user_of
from admit.accounts.models import User
from tests.accounts.house import House
from tests.accounts.passkeys.steps import adds, signs_in
from tests.accounts.second_step import enter, next_step, protected

STAFF = Caller(ip="198.51.100.9", user_agent="terminal")


def letters_of(house: House) -> Letters:
    parts = house.parts
    return Letters(parts.templates, parts.vault, "Admit", parts.settings.public_url)


async def staff_resets(house: House) -> None:
    (user,) = await house.rows(User)
    async with house.database.write() as db:
        row = await user_of(db, user.id)
        now = house.clock.wall()
        await ask_for_reset(db, letters_of(house), row, asked_by=None, caller=STAFF, now=now)


async def worker_works(house: House) -> None:
    async with house.database.write() as db:
        await carry_out_resets(db, letters_of(house), now=house.clock.wall())


async def test_s24_staff_switch_it_off_after_a_day_and_the_owner_is_told_twice(
    house: House,
) -> None:
    await protected(house)
    await staff_resets(house)
    first = await house.newest_mail("ada@example.com")
    house.clock.move(timedelta(hours=23, minutes=59))
    await staff_resets(house)
    await worker_works(house)
    too_early = await house.browser().sign_in()

    house.clock.move(timedelta(minutes=1))
    await worker_works(house)
    await worker_works(house)
    after = await house.browser().sign_in()

    assert first.subject == "Your two-factor sign-in will be switched off at Admit"
    assert "24 hours" in first.text
    assert too_early.headers["location"] == "/sign-in/2fa"
    assert after.headers["location"] == "/account"
    told = [mail.subject for mail in await house.mails("ada@example.com")]
    assert told.count("Two-factor sign-in is off at Admit") == 1
    for table in (TotpApp, RecoveryCode, TwoFactorReset):
        assert await house.rows(table) == []
    reset = [e.what for e in await house.rows(SecurityEvent) if "reset" in e.what]
    assert reset == ["two_factor_reset_asked", "two_factor_reset_done"]


async def test_s24_whoever_still_has_the_factor_stops_it_by_using_it(house: House) -> None:
    ada = await protected(house)
    await staff_resets(house)

    await enter(await ada.passes_password(), code=next_step(ada))
    house.clock.move(timedelta(hours=25))
    await worker_works(house)

    assert (await house.browser().sign_in()).headers["location"] == "/sign-in/2fa"
    assert await house.rows(TwoFactorReset) == []


async def test_s24_a_passkey_that_lets_its_owner_in_stops_it_too(house: House) -> None:
    """It stands for both steps: whoever holds it has not lost the second one."""
    ada = await protected(house)
    phone = await adds(ada.browser)
    await staff_resets(house)

    await signs_in(house.browser(), phone)
    house.clock.move(timedelta(hours=25))
    await worker_works(house)

    assert (await house.browser().sign_in()).headers["location"] == "/sign-in/2fa"
    assert await house.rows(TwoFactorReset) == []


async def test_s24_the_owner_sees_it_on_the_security_page_and_keeps_it(house: House) -> None:
    ada = await protected(house)
    await staff_resets(house)
    page = await ada.browser.get("/account/security")

    kept = await ada.browser.post("/account/security/two-factor/keep")
    again = await ada.browser.get("/account/security")

    assert "Your two-factor sign-in will be switched off" in page.text
    assert kept.headers["location"] == "/account/security"
    assert "Your two-factor sign-in will be switched off" not in again.text
    assert "two_factor_reset_stopped" in {e.what for e in await house.rows(SecurityEvent)}


async def test_s24_neither_a_mail_nor_a_new_password_takes_the_second_step_away(
    house: House,
) -> None:
    """S24, S21: whoever reads Ada's mail stands before the second step like everybody else."""
    await protected(house)
    thief = house.browser()
    await thief.post("/sign-in/code", email="ada@example.com")
    before = await house.rows(TotpApp)

    for path in ("/account/security/two-factor/off", "/account/security/recovery-codes"):
        assert (await thief.post(path)).headers["location"].startswith("/sign-in?")

    assert [app.sealed for app in await house.rows(TotpApp)] == [app.sealed for app in before]
