from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import Shop

KEY = {"authorization": "Bearer sk_test_simulator"}


def error_of(shop: Shop, method: str, path: str, form: dict[str, Any], **more: Any) -> Any:
    answer = shop.http.request(method, path, data=form, headers=KEY | more.pop("headers", {}))
    return answer.status_code, answer.json()["error"]


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer sk_live_1", "Basic !!!", "Bearer pk_test_1"]
)
def test_a_caller_without_a_test_key_is_refused(shop: Shop, authorization: str | None) -> None:
    headers = {"authorization": authorization} if authorization else {}

    answer = shop.http.get("/v1/account", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_key_may_come_as_the_user_of_basic(shop: Shop) -> None:
    answer = shop.http.get("/v1/account", auth=("sk_test_anything", ""))

    assert (answer.status_code, answer.json()["object"]) == (200, "account")


def test_an_unknown_parameter_is_named(shop: Shop) -> None:
    status, error = error_of(shop, "POST", "/v1/customers", {"address[planet]": "Mars"})

    assert status == 400
    assert error["code"] == "parameter_unknown"
    assert error["param"] == "address[planet]"
    assert error["message"] == "Received unknown parameter: address[planet]"
    assert error["doc_url"] == "https://docs.stripe.com/error-codes#parameter-unknown"


def test_a_missing_parameter_is_named(shop: Shop) -> None:
    status, error = error_of(shop, "POST", "/v1/prices", {"unit_amount": "1"})

    assert (status, error["code"], error["param"]) == (400, "parameter_missing", "currency")
    assert error["message"] == "Missing required param: currency."


@pytest.mark.parametrize(
    ("path", "form", "param"),
    [
        ("/v1/prices", {"currency": "eur", "unit_amount": "12.5"}, "unit_amount"),
        ("/v1/products", {"name": "x", "active": "yes"}, "active"),
        ("/v1/products", {"name": ""}, "name"),
        ("/v1/prices", {"currency": "eur", "recurring[interval]": "decade"}, "recurring[interval]"),
        ("/v1/customers", {"metadata": "text"}, "metadata"),
        ("/v1/products", {"name[first]": "x"}, "name"),
        ("/v1/checkout/sessions", {"line_items": "none"}, "line_items"),
        ("/v1/checkout/sessions", {"success_url": "shop"}, "success_url"),
        ("/v1/checkout/sessions", {"customer": ""}, "customer"),
        ("/v1/customers", {"email": "nobody"}, "email"),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_named(
    shop: Shop, path: str, form: dict[str, str], param: str
) -> None:
    status, error = error_of(shop, "POST", path, form)

    assert (status, error["param"]) == (400, param)


def test_an_empty_filter_does_not_list_what_is_everyones(shop: Shop) -> None:
    status, error = error_of(shop, "GET", "/v1/invoices?customer=", {})

    assert (status, error["code"]) == (400, "parameter_invalid_empty")


def test_payment_method_types_are_refused_as_this_version_does(shop: Shop) -> None:
    form = {"mode": "payment", "payment_method_types[0]": "card"}

    status, error = error_of(shop, "POST", "/v1/checkout/sessions", form)

    assert (status, error["code"]) == (400, "payment_method_types_no_longer_supported")


def test_a_parameter_of_the_future_is_refused_rather_than_ignored(shop: Shop) -> None:
    status, error = error_of(
        shop, "POST", "/v1/prices", {"currency": "eur", "custom_unit_amount": "1"}
    )

    assert (status, error["param"]) == (400, "custom_unit_amount")
    assert error["message"].startswith("The parameter custom_unit_amount is not supported")


def test_what_does_not_exist_is_404_in_the_path_and_400_as_a_parameter(shop: Shop) -> None:
    in_path = error_of(shop, "GET", "/v1/customers/cus_none", {})
    as_parameter = error_of(shop, "POST", "/v1/prices", {"currency": "eur", "product": "prod_x"})

    assert (in_path[0], in_path[1]["code"], in_path[1]["param"]) == (404, "resource_missing", "id")
    assert in_path[1]["message"] == "No such customer: 'cus_none'"
    assert (as_parameter[0], as_parameter[1]["code"]) == (400, "resource_missing")
    assert as_parameter[1]["param"] == "product"


def test_an_id_of_another_kind_is_not_found(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Pro"})

    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.stripe.customers.retrieve(product.id)


def test_an_unknown_address_is_404(shop: Shop) -> None:
    status, error = error_of(shop, "GET", "/v1/nonsense", {})

    assert status == 404
    assert error["message"].startswith("Unrecognized request URL (GET: /v1/nonsense).")


def test_json_bodies_and_unknown_versions_are_refused(shop: Shop) -> None:
    as_json = shop.http.post("/v1/customers", json={"email": "a@b.example"}, headers=KEY)
    version = error_of(shop, "GET", "/v1/account", {}, headers={"stripe-version": "1999-01-01"})

    assert as_json.status_code == 400
    assert version[1]["message"] == "Invalid Stripe API version: 1999-01-01"


def test_a_refused_call_changes_nothing(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.prices.create(
            {"currency": "eur", "unit_amount": 1, "product_data": {"name": "A"}, "lookup_key": "k"}
            | {"recurring": {"interval": "year", "interval_count": 4}}
        )

    assert shop.stripe.products.list({}).data == []
    assert shop.events() == []


def test_every_answer_has_a_request_id_and_errors_repeat_it(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.stripe.customers.retrieve("cus_none")

    request_id = refused.value.request_id
    assert request_id is not None
    assert request_id.startswith("req_")
    assert request_id in str(refused.value.http_body)
