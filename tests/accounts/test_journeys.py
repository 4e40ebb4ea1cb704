"""The ways in and out, as people go them."""

from tests.accounts.house import PASSWORD, House, code_in, link_in


async def test_a_newcomer_signs_up_and_confirms_by_code_and_is_signed_in(house: House) -> None:
    ada = house.browser()

    signed_up = await ada.sign_up()
    asked = await ada.get("/verify")
    confirmed = await ada.confirm()

    assert (signed_up.status_code, signed_up.headers["location"]) == (303, "/verify")
    assert "ada@example.com" in asked.text
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/account")
    assert await ada.whoami() == {"email": "ada@example.com", "verified": True, "admin": False}


async def test_a_newcomer_signs_in_and_out_again(house: House) -> None:
    ada = await house.person()

    out = await ada.post("/sign-out")
    nobody = await ada.whoami()
    back = await ada.sign_in()

    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert nobody is None
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    assert await ada.whoami() == {"email": "ada@example.com", "verified": True, "admin": False}


async def test_the_link_confirms_only_after_a_click_and_in_the_same_browser_signs_in(
    house: House,
) -> None:
    ada = house.browser()
    await ada.sign_up(next="/premium")
    link = link_in(await house.newest_mail("ada@example.com"))

    page = await ada.get(link)
    still_nobody = await ada.whoami()
    clicked = await ada.post(link)

    assert (page.status_code, still_nobody) == (200, None)
    assert (clicked.status_code, clicked.headers["location"]) == (303, "/premium")
    assert await ada.whoami() == {"email": "ada@example.com", "verified": True, "admin": False}


async def test_the_link_in_another_browser_confirms_and_leads_to_sign_in(house: House) -> None:
    ada, phone = house.browser(), house.browser()
    await ada.sign_up(plan="pro_monthly")

    clicked = await phone.post(link_in(await house.newest_mail("ada@example.com")))
    leads_to = clicked.headers["location"]
    waiting = await ada.get("/verify")

    assert leads_to == "/sign-in?next=%2Fpricing%3Fplan%3Dpro_monthly"
    assert await phone.whoami() is None
    assert (waiting.status_code, waiting.headers["location"]) == (303, leads_to)
    signed_in = await phone.sign_in(next="/pricing?plan=pro_monthly")
    assert signed_in.headers["location"] == "/pricing?plan=pro_monthly"


async def test_somebody_unconfirmed_signs_in_and_is_led_to_confirm(house: House) -> None:
    await house.browser().sign_up()
    elsewhere = house.browser()

    signed_in = await elsewhere.sign_in()
    guarded = await elsewhere.get("/for-verified")
    confirmed = await elsewhere.confirm()

    assert signed_in.headers["location"] == "/verify"
    assert (guarded.status_code, guarded.headers["location"]) == (303, "/verify")
    assert confirmed.headers["location"] == "/account"
    assert (await elsewhere.get("/for-verified")).json() == "ada@example.com"


async def test_a_visitor_is_led_to_sign_in_and_back(house: House) -> None:
    ada = await house.person()
    await ada.post("/sign-out")

    guarded = await ada.get("/for-signed-in?tab=2")
    sent = await ada.post("/for-signed-in")
    back = await ada.sign_in(next="/for-signed-in?tab=2")

    assert guarded.headers["location"] == "/sign-in?next=%2Ffor-signed-in%3Ftab%3D2"
    assert sent.headers["location"] == "/sign-in?next=%2Faccount"
    assert back.headers["location"] == "/for-signed-in?tab=2"


async def test_somebody_who_has_an_account_is_told_so_by_mail(house: House) -> None:
    ada = await house.person()
    await ada.post("/sign-out")

    await house.browser().sign_up(first_name="Mallory", password="another quiet bridge 42")

    newest = await house.newest_mail("ada@example.com")
    assert (newest.kind, "Hello Ada" in newest.text) == ("accounts.already_registered", True)
    assert (await ada.sign_in(password=PASSWORD)).headers["location"] == "/account"


async def test_whoever_shows_that_the_mailbox_is_theirs_decides_who_the_account_is(
    house: House,
) -> None:
    squatter, ada = house.browser(), house.browser()
    await squatter.sign_up(first_name="Mallory", password="squatting on a bridge")
    squatted = await squatter.sign_in(password="squatting on a bridge")
    await ada.sign_up()

    confirmed = await ada.post("/verify", code=code_in(await house.newest_mail("ada@example.com")))

    assert squatted.headers["location"] == "/verify"
    assert confirmed.headers["location"] == "/account"
    assert await squatter.whoami() is None
    assert (await squatter.sign_in(password="squatting on a bridge")).status_code == 422
    assert (await house.browser().sign_in()).headers["location"] == "/account"
