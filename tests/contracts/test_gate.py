"""The check itself, on a Stripe of two answers."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.contracts.gate import Gate, open_gate
from tests.contracts.loopback import Answer, Handler, LoopbackServer, answering
from tests.contracts.plain import http
from tests.contracts.spec import Spec

KEY = {"Authorization": "Bearer sk_test_x"}
SIGNED = {"Stripe-Signature": f"t=1,v1={'0' * 64}"}
DELETED = {"id": "cus_1", "object": "customer", "deleted": True}


@pytest.fixture
def stripe() -> Iterator[LoopbackServer]:
    """Answers every deletion rightly, everything else with a customer of one field."""

    def answer(request: Handler, _body: bytes) -> Answer:
        said = DELETED if request.command == "DELETE" else {"object": "customer"}
        return 200, [("Content-Type", "application/json")], json.dumps(said).encode()

    server = LoopbackServer(answering(answer))
    server.start()
    yield server
    server.close()


@pytest.fixture
def gate(spec: Spec, stripe: LoopbackServer) -> Iterator[Gate]:
    with open_gate(spec, simulator_url=stripe.url) as gate:
        yield gate


def call(gate: Gate, method: str, path: str, form: dict[str, str] | None = None) -> httpx2.Response:
    headers = {**KEY, "Stripe-Version": gate.version}
    return http.request(method, f"{gate.api_url}{path}", data=form, headers=headers)


def test_a_right_call_passes_and_is_counted(gate: Gate) -> None:
    response = call(gate, "DELETE", "/v1/customers/cus_1")

    assert (response.status_code, response.json()) == (200, DELETED)
    assert gate.errors() == []
    assert gate.report.operations() == {"DELETE /v1/customers/{id}": 1}


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ({"emial": "a@b.test"}, "parameter_unknown", "emial"),
        ({"line_items[0][quantitty]": "1"}, "parameter_unknown", "line_items[0][quantitty]"),
    ],
)
def test_a_parameter_that_stripe_does_not_know_is_refused(
    gate: Gate, form: dict[str, str], code: str, param: str
) -> None:
    path = "/v1/checkout/sessions" if "line_items" in param else "/v1/customers"

    response = call(gate, "POST", path, form)

    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (400, code, param)
    assert len(gate.errors()) == 1


def test_a_call_that_stripe_does_not_have_is_refused(gate: Gate) -> None:
    assert call(gate, "POST", "/v1/customres").status_code == 400


def test_an_answer_without_its_fields_is_found(gate: Gate) -> None:
    call(gate, "GET", "/v1/customers/cus_1")

    assert [line for line in gate.errors() if "missing_field id:" in line] == [
        "GET /v1/customers/{id} -> 200: error response missing_field id: required by the spec"
    ]


def test_what_is_not_the_api_passes_unchecked(gate: Gate) -> None:
    assert call(gate, "POST", "/_control/clock").status_code == 200
    assert gate.report.rows == []


def deliver(gate: Gate, event: dict[str, Any], signature: dict[str, str]) -> int:
    return http.post(gate.webhook_url, json=event, headers=signature).status_code


def event_of(gate: Gate, **changed: object) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "event",
        "api_version": gate.version,
        "type": "customer.discount.deleted",
        "created": 1,
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "data": {"object": {"object": "discount"}},
        **changed,
    }


def test_an_event_is_checked_passed_on_and_answered(gate: Gate, stripe: LoopbackServer) -> None:
    gate.app_webhook_url = f"{stripe.url}/webhooks/stripe"
    invented = event_of(gate, type="customer.invented", data={"object": {"object": "invention"}})

    status = deliver(gate, invented, {})

    assert status == 200
    assert gate.errors() == [
        (
            "EVENT customer.invented -> 200: error event event_type type: "
            "'customer.invented' is not an event type of the spec"
        ),
        (
            "EVENT customer.invented -> 200: error event signature : "
            "no Stripe-Signature of the form t=..,v1=.."
        ),
    ]


def test_an_app_that_does_not_answer_is_reported(gate: Gate) -> None:
    gate.app_webhook_url = "http://127.0.0.1:1/webhooks/stripe"

    status = deliver(gate, event_of(gate), SIGNED)

    assert status == 502
    assert gate.errors()[-1].startswith(
        "EVENT customer.discount.deleted -> 502: error event upstream"
    )
