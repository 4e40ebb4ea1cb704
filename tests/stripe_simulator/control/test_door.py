import pytest

from stripe_simulator.server import running_simulator
from tests.stripe_simulator.shop import Shop

ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"host": "evil.example"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_control/clock/advance"),
        ("POST", "/_control/reset"),
        ("POST", "/_control/cards/next"),
        ("DELETE", "/_control/faults"),
    ],
)
def test_another_sites_page_changes_nothing(
    shop: Shop, headers: dict[str, str], method: str, path: str
) -> None:
    before = shop.http.get("/_control/clock").json()["now"]

    answer = shop.http.request(method, path, json={"seconds": 60}, headers=headers)

    assert answer.status_code == 403
    assert shop.http.get("/_control/clock").json()["now"] == before


def test_a_program_and_the_simulators_own_page_may_move_the_clock(shop: Shop) -> None:
    own = {"sec-fetch-site": "same-origin"}

    program = shop.http.post("/_control/clock/advance", json={"seconds": 60})
    page = shop.http.post("/_control/clock/advance", json={"seconds": 60}, headers=own)

    assert (program.status_code, page.status_code) == (200, 200)


def test_a_seller_is_named_on_the_account_the_invoice_and_the_page() -> None:
    with running_simulator(seller="Cakes of Kyiv") as running, Shop.at(running.url) as shop:
        subscription = shop.subscribed()
        invoice = shop.stripe.invoices.retrieve(subscription.latest_invoice)
        account = shop.stripe.accounts.retrieve_current()
        page = shop.http.get(shop.session(shop.monthly()).url).text

    assert account.business_profile.name == "Cakes of Kyiv"
    assert invoice.account_name == "Cakes of Kyiv"
    assert "Cakes of Kyiv" in page


def test_a_simulator_without_a_name_is_called_simulator(shop: Shop) -> None:
    assert shop.stripe.accounts.retrieve_current().business_profile.name == "Simulator"
