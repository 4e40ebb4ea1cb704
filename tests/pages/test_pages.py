"""The public pages, a person's own page and the gated one, over HTTP. No JavaScript runs here."""

import re
from html import unescape

import httpx2

from admit.access.service import revoke
from tests.pages.rooms import Rooms


def words_of(response: httpx2.Response) -> str:
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def links_of(response: httpx2.Response) -> set[str]:
    return {unescape(link) for link in re.findall(r'href="([^"]+)"', response.text)}


async def test_the_landing_page_and_the_prices_show_the_catalogue(rooms: Rooms) -> None:
    browser = rooms.browser()

    landing, pricing = await browser.get("/"), await browser.get("/pricing")

    assert (landing.status_code, pricing.status_code) == (200, 200)
    assert {"/pricing", "/sign-in", "/sign-up"} <= links_of(landing)
    for page in (landing, pricing):
        assert "Free" in words_of(page)
        assert "Pro" in words_of(page)
        assert "€12" in words_of(page)
    assert "€120" in words_of(pricing)
    for feature in ("Community", "Premium area", "Exports", "Priority support"):
        assert feature in words_of(pricing)


async def test_a_price_named_in_the_address_is_chosen_and_an_unknown_one_is_not(
    rooms: Rooms,
) -> None:
    browser = rooms.browser()
    chosen = re.compile(r'value="pro-yearly" checked')

    assert chosen.search((await browser.get("/pricing?plan=pro-yearly")).text)
    assert not chosen.search((await browser.get("/pricing?plan=gold")).text)


async def test_who_has_no_subscription_has_the_free_plan(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    pricing = words_of(await browser.get("/pricing"))
    account = await browser.get("/account")

    assert "Free Your plan" in pricing
    assert "Hello, Ada" in words_of(account)
    assert "No payments yet" in words_of(account)


async def test_who_is_signed_out_is_led_to_sign_in_and_back(rooms: Rooms) -> None:
    for path in ("account", "premium"):
        response = await rooms.browser().get(f"/{path}")

        assert (response.status_code, response.headers["location"]) == (
            303,
            f"/sign-in?next=%2F{path}",
        )


async def test_the_help_page_names_no_address_of_a_laptop(rooms: Rooms) -> None:
    response = await rooms.browser().get("/help")

    assert response.status_code == 200
    assert "localhost" not in words_of(response)


async def test_the_premium_page_opens_with_its_feature_only(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    closed = await browser.get("/premium")

    grant_id = await rooms.open(ada, "premium")
    opened = await browser.get("/premium")
    async with rooms.database.write() as db:
        now = rooms.wiring.parts.clock.business()
        await revoke(db, grant_id=grant_id, reason="Over.", now=now)
    closed_again = await browser.get("/premium")

    assert (closed.status_code, opened.status_code, closed_again.status_code) == (403, 200, 403)
    assert "You are behind the door" in words_of(opened)
    assert "Your plan does not include it." in words_of(closed)
    assert "It was open to you and has been closed." in words_of(closed_again)


async def test_who_is_refused_sees_which_plan_opens_it(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    response = await browser.get("/premium")

    assert response.status_code == 403
    assert "These plans open it Pro" in words_of(response)
    assert "/pricing?plan=pro-monthly" in links_of(response)


async def test_an_unconfirmed_person_is_led_to_the_confirmation(rooms: Rooms) -> None:
    _, browser = await rooms.person(is_verified=False)

    response = await browser.get("/premium")

    assert (response.status_code, response.headers["location"]) == (303, "/verify")


async def test_programs_are_refused_in_json(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    response = await browser.get("/premium", headers={"accept": "application/json"})

    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["feature"], problem["plans"]) == (
        "feature_needed",
        "premium",
        ["pro", "team"],
    )


async def test_no_page_may_be_cached_or_framed(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    for path in ("/", "/pricing", "/help", "/account", "/premium", "/dev", "/dev/mailbox"):
        response = await browser.get(path)
        assert response.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert "unsafe" not in response.headers["content-security-policy"]
