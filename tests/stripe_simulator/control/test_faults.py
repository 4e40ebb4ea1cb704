import httpx2
import pytest
import stripe

from tests.stripe_simulator.shop import Shop


def fault(shop: Shop, **what: object) -> None:
    assert shop.http.post("/_control/faults", json=what).status_code == 200


def test_an_api_that_fails_once_does_nothing_and_works_again(shop: Shop) -> None:
    fault(shop, mode="api_500", count=1)

    with pytest.raises(stripe.APIError) as failed:
        shop.stripe.customers.create({})

    assert failed.value.http_status == 500
    assert shop.stripe.customers.list({}).data == []


def test_an_answer_that_is_lost_was_done_all_the_same(shop: Shop) -> None:
    fault(shop, mode="api_500", count=1, after=True)
    options = stripe.RequestOptions(idempotency_key="k")

    with pytest.raises(stripe.APIError):
        shop.stripe.customers.create({"email": "a@b.example"}, options)
    again = shop.stripe.customers.create({"email": "a@b.example"}, options)

    assert [one.id for one in shop.stripe.customers.list({}).data] == [again.id]


def test_too_many_calls_are_refused_until_cleared(shop: Shop) -> None:
    fault(shop, mode="rate_limit")

    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            shop.stripe.customers.list({})
    shop.http.delete("/_control/faults")

    assert shop.stripe.customers.list({}).data == []


def test_a_key_is_restricted_for_one_path(shop: Shop) -> None:
    fault(shop, mode="forbid", path="/v1/invoices")

    with pytest.raises(stripe.PermissionError) as refused:
        shop.stripe.invoices.list({})

    assert refused.value.http_status == 403
    assert shop.stripe.customers.list({}).data == []


def test_a_connection_breaks(shop: Shop) -> None:
    fault(shop, mode="refuse", count=1)

    with pytest.raises(httpx2.RemoteProtocolError):
        shop.http.get("/v1/account", headers={"authorization": "Bearer sk_test_x"})


def test_a_call_hangs_until_its_caller_gives_up(shop: Shop) -> None:
    fault(shop, mode="hang", count=1)

    with pytest.raises(httpx2.ReadTimeout):
        shop.http.get("/v1/account", headers={"authorization": "Bearer sk_test_x"}, timeout=0.2)

    assert shop.stripe.accounts.retrieve_current().object == "account"


def test_a_fault_may_concern_one_path_only(shop: Shop) -> None:
    fault(shop, mode="api_500", path="/v1/checkout")

    assert shop.stripe.customers.create({}).object == "customer"
    with pytest.raises(stripe.APIError):
        shop.stripe.checkout.sessions.list({})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_control/faults", {"mode": "explode"}),
        ("/_control/faults", {"mode": "slow", "colour": "red"}),
        ("/_control/clock/advance", {}),
        ("/_control/clock/advance", {"seconds": -1}),
        ("/_control/clock/advance", {"seconds": "1"}),
        ("/_control/cards/next", {"outcome": "magic"}),
        ("/_control/restore", {"snapshot": "AAAA"}),
    ],
)
def test_a_control_call_without_sense_is_refused(
    shop: Shop, path: str, body: dict[str, object]
) -> None:
    assert shop.http.post(path, json=body).status_code == 400


def test_a_card_plan_of_an_unknown_customer_is_404(shop: Shop) -> None:
    assert shop.http.post("/_control/cards/next", json={"customer": "cus_x"}).status_code == 404
