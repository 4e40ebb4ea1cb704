"""What the bank does, at a press on a record's page; and records by the hundred."""

from typing import Any

import httpx2

from tests.stripe_simulator.pages.shop import Shop
from tests.stripe_simulator.pages.test_switches import bought


def does(http: httpx2.Client, thing: str, deed: str) -> str:
    path = f"/_control/objects/{thing}/bank"
    answer = http.post(path, data={"deed": deed}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_charge_is_disputed_and_the_bank_decides(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)
    charge = shop.api.v1.charges.list({"customer": customer}).data[0].id
    assert "Its holder disputes it" in http.get(f"/_control/objects/{charge}").text

    again = does(http, charge, "dispute")
    dispute = shop.api.v1.disputes.list({"charge": charge}).data[0].id
    settled = does(http, dispute, "lost")
    does(http, dispute, "won")

    assert "Its holder disputes it" not in again
    assert "What the bank may do" not in settled
    assert shop.api.v1.disputes.retrieve(dispute).status == "lost"


def test_a_refund_comes_back(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)
    charge = shop.api.v1.charges.list({"customer": customer}).data[0].id
    refund = shop.api.v1.refunds.create({"charge": charge}).id

    does(http, refund, "fail")

    assert shop.api.v1.refunds.retrieve(refund).status == "failed"
    assert shop.api.v1.charges.retrieve(charge).amount_refunded == 0


def test_the_bank_replaces_a_card_and_tells_what_changed(shop: Shop, http: httpx2.Client) -> None:
    customer = bought(shop, http)
    card = shop.api.v1.payment_methods.list({"customer": customer}).data[0]
    assert card.card

    does(http, card.id, "replace")
    answer = http.post(
        f"/_control/payment_methods/{card.id}/replace",
        json={"card": "5555555555554444", "exp_month": 2, "exp_year": 2044},
    )

    told: list[Any] = shop.api.v1.events.list(
        {"type": "payment_method.automatically_updated"}
    ).data[::-1]
    assert told[0].data.previous_attributes.to_dict() == {"card": {"exp_year": card.card.exp_year}}
    assert answer.json() == {
        "payment_method": card.id,
        "last4": "4444",
        "exp_month": 2,
        "exp_year": 2044,
    }
    after = shop.api.v1.payment_methods.retrieve(card.id).card
    assert after
    assert (after.brand, after.last4) == ("mastercard", "4444")
    for wrong in ({"card": "1"}, {"exp_month": 13}, {"exp_year": "soon"}):
        path = f"/_control/payment_methods/{card.id}/replace"
        assert http.post(path, json=wrong).status_code == 400


def test_older_records_are_a_page_away(shop: Shop, http: httpx2.Client) -> None:
    for number in range(101):
        shop.api.v1.customers.create({"name": f"Somebody {number}"})

    newest = http.get("/_control/objects?kind=customer").text
    last = shop.api.v1.customers.list({"limit": 100}).data[-1].id
    older = http.get(f"/_control/objects?kind=customer&before={last}").text

    assert f"before={last}" in newest
    assert ("Somebody 0<" in newest, "Somebody 0<" in older) == (False, True)
    assert "Older ones" not in older


def test_no_other_site_speaks_for_the_bank(http: httpx2.Client) -> None:
    evil = {"origin": "https://evil.example"}

    assert (
        http.post("/_control/objects/x/bank", data={"deed": "won"}, headers=evil).status_code == 403
    )
