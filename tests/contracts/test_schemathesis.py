"""schemathesis over the simulator's flat operations: whatever the parameters, never a 5xx.

The document it works from is made of the simulator's own table of operations and of Stripe's types:
what is flat of each call's parameters, with ids of things that are there. What is nested is fuzzed
in `test_fuzz`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import schemathesis
import stripe
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from stripe_simulator.api.operations import Operation
from stripe_simulator.api.parameters import unsupported
from stripe_simulator.api.routing import OPERATIONS
from stripe_simulator.server import Running, running_simulator
from tests.contracts.billing_stories import customer_with_card
from tests.contracts.spec import Spec
from tests.contracts.stories import sell

NOON = 1_796_040_000
FORM = "application/x-www-form-urlencoded"
SCALARS = frozenset({"boolean", "integer", "number", "string"})
SAMPLE_EVERY = 23
"""In `make test`, one operation of so many."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running_simulator(now=NOON) as running:
        yield running


@pytest.fixture(scope="module")
def ids(simulator: Running) -> list[str]:
    """Of things that are there, so that calls come further than to the first 404."""
    api = stripe.StripeClient("sk_test_flat", base_addresses={"api": simulator.url})
    goods = sell(api)
    customer = customer_with_card(api, "ada")
    begun = api.v1.subscriptions.create({"customer": customer, "items": [{"price": goods.pro}]})
    invoice = str(begun.latest_invoice)
    return [customer, goods.product, goods.pro, begun.id, invoice, "pm_card_visa", "nothing"]


def flat_document(
    spec: Spec, operations: Sequence[Operation], ids: Sequence[str]
) -> Mapping[str, Any]:
    """OpenAPI 3.0 of these operations, with their parameters that are neither list nor object."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described: dict[str, Any] = {
            "operationId": f"{operation.method} {operation.path}",
            "parameters": [in_path(name, ids) for name in names_in(operation.path)],
            "responses": {"default": {"description": "Stripe's answer, or its error object."}},
        }
        fields = flat_fields(spec, operation, ids)
        if operation.method == "GET":
            described["parameters"] += [
                {"name": name, "in": "query", "schema": schema} for name, schema in fields.items()
            ]
        elif fields:
            body = {"type": "object", "properties": fields, "additionalProperties": False}
            described["requestBody"] = {"content": {FORM: {"schema": body}}}
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {"openapi": "3.0.3", "info": {"title": "Flat", "version": spec.version}, "paths": paths}


def names_in(path: str) -> list[str]:
    return [step[1:-1] for step in path.split("/") if step.startswith("{")]


def in_path(name: str, ids: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(ids)}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def flat_fields(spec: Spec, operation: Operation, ids: Sequence[str]) -> dict[str, Any]:
    known = spec.match(operation.method, operation.path.replace("{", "").replace("}", ""))
    assert known is not None, operation.path
    theirs = spec.request_schema(known)["properties"]
    taken = {
        name: spec.resolve(schema)
        for name, schema in theirs.items()
        if operation.fields.get(name, unsupported) is not unsupported
    }
    return {
        name: plain(schema, ids) for name, schema in taken.items() if schema.get("type") in SCALARS
    }


def plain(schema: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    """Free text is often the id of something, so that one follows to where it leads."""
    if schema.get("enum") or schema["type"] != "string":
        return {name: schema[name] for name in ("type", "enum") if name in schema}
    return {"anyOf": [{"type": "string", "enum": list(ids)}, {"type": "string", "maxLength": 80}]}


def never_breaks(document: Mapping[str, Any], simulator: Running, *, examples: int) -> None:
    schema = schemathesis.openapi.from_dict(dict(document))
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        cases = found.ok().as_strategy()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def asks(case: Any) -> None:
            headers = {"authorization": "Bearer sk_test_flat"}
            answer = case.call(base_url=simulator.url, headers=headers)
            assert answer.status_code < 500, f"{case.formatted_path} {case.query} {case.body}"

        asks()


def test_a_sample_of_operations_never_breaks(
    spec: Spec, simulator: Running, ids: list[str]
) -> None:
    document = flat_document(spec, OPERATIONS[::SAMPLE_EVERY], ids)

    never_breaks(document, simulator, examples=3)


@pytest.mark.long
def test_no_operation_breaks(spec: Spec, simulator: Running, ids: list[str]) -> None:
    never_breaks(flat_document(spec, OPERATIONS, ids), simulator, examples=12)
