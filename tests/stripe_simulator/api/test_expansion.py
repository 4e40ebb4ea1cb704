import pytest
import stripe

from tests.stripe_simulator.shop import Shop


def test_ids_become_objects_four_levels_deep(shop: Shop) -> None:
    subscription = shop.subscribed()

    seen = shop.stripe.subscriptions.list(
        {
            "customer": subscription.customer,
            "expand": [
                "data.customer",
                "data.items.data.price",
                "data.latest_invoice.payments.data",
            ],
        }
    ).data[0]
    invoice = shop.stripe.invoices.retrieve(
        subscription.latest_invoice, {"expand": ["payments.data.payment.payment_intent"]}
    )

    assert seen.customer.email == "ada@example.com"
    assert seen["items"].data[0].price.unit_amount == 1200
    assert seen.latest_invoice.payments.data[0].status == "paid"
    assert invoice.payments.data[0].payment.payment_intent.amount == 1200


def test_what_is_not_asked_for_is_not_there(shop: Shop) -> None:
    subscription = shop.subscribed()

    invoice = shop.stripe.invoices.retrieve(subscription.latest_invoice).to_dict()

    assert "payments" not in invoice
    assert "confirmation_secret" not in invoice


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("email", r"This property cannot be expanded \(email\)"),
        ("nonsense", r"This property cannot be expanded \(nonsense\)"),
        ("subscriptions.data.latest_invoice.payments.data", "more than 4 levels"),
    ],
)
def test_what_cannot_be_expanded_is_refused(shop: Shop, path: str, sentence: str) -> None:
    customer = shop.stripe.customers.create({})

    with pytest.raises(stripe.InvalidRequestError, match=sentence):
        shop.stripe.customers.retrieve(customer.id, {"expand": [path]})


def test_nobody_sees_the_notes_of_the_simulator(shop: Shop) -> None:
    shop.subscribed()
    headers = {"authorization": "Bearer sk_test_x"}

    for path in ("checkout/sessions", "payment_methods", "events?limit=100"):
        answer = shop.http.get(f"/v1/{path}", headers=headers)
        assert '"_' not in answer.text
        assert "4242424242424242" not in answer.text
