import threading

import httpx2
import pytest
import stripe

from tests.stripe_simulator.shop import Shop

KEY = {"authorization": "Bearer sk_test_simulator"}


def test_the_same_key_answers_the_same_and_makes_one(shop: Shop) -> None:
    headers = KEY | {"idempotency-key": "order-1"}

    first = shop.http.post("/v1/customers", data={"email": "a@b.example"}, headers=headers)
    second = shop.http.post("/v1/customers", data={"email": "a@b.example"}, headers=headers)

    assert second.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["original-request"] == first.headers["request-id"]
    assert len(shop.stripe.customers.list({}).data) == 1
    assert len(shop.events("customer.created")) == 1


def test_an_event_names_the_request_and_its_key(shop: Shop) -> None:
    answer = shop.http.post("/v1/customers", headers=KEY | {"idempotency-key": "order-2"})

    request = shop.events("customer.created")[0].request

    assert (request.id, request.idempotency_key) == (answer.headers["request-id"], "order-2")


@pytest.mark.parametrize(
    ("path", "form"),
    [("/v1/customers", {"email": "other@b.example"}), ("/v1/products", {"name": "x"})],
)
def test_the_same_key_for_another_call_is_refused(
    shop: Shop, path: str, form: dict[str, str]
) -> None:
    headers = KEY | {"idempotency-key": "order-3"}
    shop.http.post("/v1/customers", data={"email": "a@b.example"}, headers=headers)

    answer = shop.http.post(path, data=form, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"


def test_a_wrong_call_does_not_use_up_its_key(shop: Shop) -> None:
    options = stripe.RequestOptions(idempotency_key="attach")
    customer = shop.stripe.customers.create({})

    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.payment_methods.attach("pm_card_visa", {"customer": ""}, options)
    attached = shop.stripe.payment_methods.attach(
        "pm_card_visa", {"customer": customer.id}, options
    )

    assert attached.customer == customer.id


def test_a_decline_is_answered_again_and_charges_nothing_more(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.next_charge(subscription.customer, "generic_decline", times=9)
    shop.advance_to("2026-02-28 11:00")
    invoice = shop.invoices(subscription=subscription.id)[-1].id
    headers = KEY | {"idempotency-key": "pay-1"}

    first = shop.http.post(f"/v1/invoices/{invoice}/pay", headers=headers)
    second = shop.http.post(f"/v1/invoices/{invoice}/pay", headers=headers)

    charges = shop.stripe.charges.list({"customer": subscription.customer}).data
    assert (first.status_code, second.status_code) == (402, 402)
    assert second.content == first.content
    assert [charge.status for charge in charges] == ["failed", "failed", "succeeded"]


def test_a_key_in_use_is_a_conflict(shop: Shop) -> None:
    headers = KEY | {"idempotency-key": "slow"}
    shop.http.post("/_control/faults", json={"mode": "slow", "seconds": 1, "count": 1})
    answers: list[httpx2.Response] = []
    slow = threading.Thread(
        target=lambda: answers.append(shop.http.post("/v1/customers", headers=headers))
    )
    slow.start()

    while shop.http.get("/_control/faults").json()["faults"]:
        pass
    conflict = shop.http.post("/v1/customers", headers=headers)
    slow.join()

    assert conflict.status_code == 409
    assert conflict.json()["error"]["code"] == "idempotency_key_in_use"
    assert answers[0].status_code == 200
    assert len(shop.stripe.customers.list({}).data) == 1
