"""The payment page over HTTP."""

import re

import httpx2
import pytest

from stripe_simulator.server import Running
from tests.stripe_simulator.pages.shop import CANCEL, DECLINED, ENTRY, Shop


def policy(response: httpx2.Response) -> dict[str, str]:
    directives = response.headers["content-security-policy"].split("; ")
    return dict(directive.split(" ", 1) for directive in directives)


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_buyer_sees_what_it_costs_and_that_no_money_is_real(
    http: httpx2.Client, shop: Shop
) -> None:
    page = http.get(shop.opens(email="ada@example.test").path)

    assert page.status_code == 200
    for words in (
        "Simulator: no real money",
        "Subscribe to Pro",
        "€ 12.00",
        "per month",
        "The premium pages",
        "ada@example.test",
        f'href="{CANCEL}"',
    ):
        assert words in page.text
    assert 'name="email"' not in page.text


def test_a_trial_says_when_the_first_payment_is(http: httpx2.Client, shop: Shop) -> None:
    page = http.get(shop.opens(trial_days=14).path).text

    assert "14 days free" in page
    assert "then € 12.00 per month" in page
    assert "Free until 14 December 2026. € 12.00 is charged then, unless you cancel." in page


def test_a_buyer_pays_and_is_led_back(http: httpx2.Client, shop: Shop) -> None:
    opened = shop.opens()

    paid = http.post(opened.path, data=ENTRY)

    assert (paid.status_code, paid.headers["location"]) == (303, opened.return_url)
    session = shop.api.v1.checkout.sessions.retrieve(opened.id)
    assert (session.status, session.payment_status) == ("complete", "paid")
    assert session.customer_details
    assert session.customer_details.email == "ada@example.test"


def test_a_second_click_leads_to_the_same_place_and_charges_once(
    http: httpx2.Client, shop: Shop
) -> None:
    opened = shop.opens()
    http.post(opened.path, data=ENTRY)

    again = http.post(opened.path, data=ENTRY)

    assert (again.status_code, again.headers["location"]) == (303, opened.return_url)
    assert len(shop.api.v1.subscriptions.list().data) == 1


def test_a_declined_buyer_keeps_the_input_but_not_the_secrets_and_tries_again(
    http: httpx2.Client, shop: Shop
) -> None:
    opened = shop.opens()

    refused = http.post(opened.path, data={**ENTRY, "number": DECLINED})

    assert refused.status_code == 402
    assert re.search(r"<title>\s*Error: Subscribe to Pro", refused.text)
    assert refused.text.count("Your card was declined.") == 2
    kept = {name: value_of(refused.text, name) for name in ENTRY}
    assert kept == {**ENTRY, "number": "", "cvc": ""}
    assert http.post(opened.path, data=ENTRY).status_code == 303


def test_a_wrong_code_is_said_at_its_field(http: httpx2.Client, shop: Shop) -> None:
    form = {**ENTRY, "number": "4000 0000 0000 0127"}

    refused = http.post(shop.opens().path, data=form)

    assert refused.status_code == 402
    assert '<a href="#cvc">Your card&#39;s security code is incorrect.</a>' in refused.text


def test_an_empty_form_names_every_field(http: httpx2.Client, shop: Shop) -> None:
    refused = http.post(shop.opens().path, data={})

    linked = re.findall(r'<a href="#(\w+)">', refused.text)
    assert refused.status_code == 422
    assert linked == ["email", "number", "exp_month", "cvc", "name"]


def test_a_test_card_is_filled_in_and_what_was_typed_stays(http: httpx2.Client, shop: Shop) -> None:
    opened = shop.opens()
    typed = {"email": "ada@example.test", "name": "", "test_card": "4000000000009995"}

    page = http.post(f"{opened.path}/test-card", data=typed).text

    assert "Test card filled in: Visa …9995, no funds" in page
    assert {name: value_of(page, name) for name in ENTRY} == {
        "email": "ada@example.test",
        "number": "4000 0000 0000 9995",
        "exp_month": "12",
        "exp_year": "30",
        "cvc": "123",
        "name": "Test Person",
    }


def test_a_paid_page_says_so(http: httpx2.Client, shop: Shop) -> None:
    opened = shop.opens()
    http.post(opened.path, data=ENTRY)

    page = http.get(opened.path)

    assert page.status_code == 200
    assert "This is paid" in page.text
    assert f'href="{opened.return_url}"' in page.text


def test_an_expired_page_says_so_and_takes_nothing(http: httpx2.Client, shop: Shop) -> None:
    opened = shop.opens()
    shop.expire(opened)

    seen, paid = http.get(opened.path), http.post(opened.path, data=ENTRY)

    assert (seen.status_code, paid.status_code) == (410, 410)
    assert "This payment page has expired" in paid.text
    assert f'href="{CANCEL}"' in paid.text


def test_an_unknown_page_says_so(http: httpx2.Client) -> None:
    for method in ("GET", "POST"):
        answer = http.request(method, "/c/pay/cs_test_nobody")
        assert answer.status_code == 404
        assert "There is no such payment page" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
    ],
)
def test_another_site_cannot_press_the_button(
    http: httpx2.Client, shop: Shop, headers: dict[str, str]
) -> None:
    opened = shop.opens()

    for path in (opened.path, f"{opened.path}/test-card", "/_control/time"):
        assert http.post(path, data=ENTRY, headers=headers).status_code == 403
    assert shop.api.v1.checkout.sessions.retrieve(opened.id).status == "open"


def test_our_own_form_is_taken(http: httpx2.Client, simulator: Running, shop: Shop) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Origin": simulator.url}

    assert http.post(shop.opens().path, data=ENTRY, headers=own).status_code == 303
    only_origin = {"Origin": simulator.url}
    assert http.post(shop.opens().path, data=ENTRY, headers=only_origin).status_code == 303


def test_the_page_may_do_nothing_but_show_itself_and_lead_back(
    http: httpx2.Client, shop: Shop
) -> None:
    page = http.get(shop.opens(return_url="https://app.example/return").path)

    assert policy(page) == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self' http://127.0.0.1:9 https://app.example",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


def test_the_style_sheet_is_its_own_and_kept(http: httpx2.Client) -> None:
    page = http.get("/").text
    sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page)
    assert sheet

    css = http.get(sheet[1])

    assert css.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in css.headers["cache-control"]
    assert http.get("/c/static/..%2frendering.py").status_code == 404
    assert http.get("/c/static/nothing.css").status_code == 404
