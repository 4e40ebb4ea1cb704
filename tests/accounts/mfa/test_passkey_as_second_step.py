"""A second step without an app: passkeys and recovery codes."""

from admit.accounts.passkeys.models import Passkey
from admit.accounts.sessions.models import Session
from tests.accounts.house import House
from tests.accounts.passkeys.steps import adds, asked
from tests.accounts.second_step import codes_on, enter
from tests.accounts.settled import settled

CONFIRMATION = "/account/security/recovery-codes/confirmation"


async def test_s0_46_passkeys_alone_can_be_the_second_step_until_the_last_one_goes(
    house: House,
) -> None:
    ada = await settled(house)
    nothing_yet = await ada.post("/account/security/recovery-codes")
    phone = await adds(ada)
    page = await ada.get("/account/security/two-factor")
    codes = codes_on(await ada.post("/account/security/recovery-codes"))
    await ada.post(CONFIRMATION, recovery_code=codes[0])
    by_passkey, by_recovery = house.browser(), house.browser()

    for browser in (by_passkey, by_recovery):
        assert (await browser.sign_in()).headers["location"] == "/sign-in/2fa"
    shown = await by_passkey.get("/sign-in/2fa")
    credential = phone.use(await asked(by_passkey, "/sign-in/2fa/passkey"), with_handle=False)
    passed = await by_passkey.post("/sign-in/2fa/passkey", credential=credential)
    recovered = await enter(by_recovery, recovery_code=codes[1])
    (passkey,) = await house.rows(Passkey)
    await ada.post(f"/account/passkeys/{passkey.id}/remove")

    assert (nothing_yet.status_code, codes_on(nothing_yet)) == (303, [])
    assert "Use my passkeys as second step" in page.text
    assert "Six-digit code" not in shown.text
    assert (passed.status_code, recovered.status_code) == (303, 303)
    assert {row.amr for row in await house.rows(Session)} == {
        "code",
        "password passkey",
        "password recovery_code",
    }
    assert (await house.browser().sign_in()).headers["location"] == "/account"
    told = [mail.subject for mail in await house.mails("ada@example.com")]
    assert "Two-factor sign-in is off at Admit" in told
