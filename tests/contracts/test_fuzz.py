"""Every call with parameters that Stripe's types allow, and some that they do not: never a 5xx."""

import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import stripe

from stripe_simulator.api.operations import Operation
from stripe_simulator.api.parameters import unsupported
from stripe_simulator.api.routing import OPERATIONS
from stripe_simulator.server import Running, running_simulator
from tests.contracts import usage_stories
from tests.contracts.billing_stories import customer_with_card, price
from tests.contracts.spec import Spec
from tests.contracts.stories import sell
from tests.engines.patience import PATIENCE

NOON = 1_796_040_000
TRIES = 4
ODD = ("", "0", "-1", "99999999999999", "null", "true", "x" * 300, "é", "now", "1e3", "[]")
DEEPEST = 5
PREFIXES = {
    "coupons": "FUZZ",
    "customers": "cus_",
    "invoiceitems": "ii_",
    "meters": "mtr_",
    "invoices": "in_",
    "prices": "price_",
    "products": "prod_",
    "promotion_codes": "promo_",
    "subscription_items": "si_",
    "subscription_schedules": "sub_sched_",
    "subscriptions": "sub_",
    "tax_rates": "txr_",
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running_simulator(now=NOON) as running:
        yield running


@pytest.fixture(scope="module")
def ids(simulator: Running) -> list[str]:
    """Of things that are there, so that calls come further than to the first 404."""
    api = stripe.StripeClient("sk_test_fuzz", base_addresses={"api": simulator.url})
    goods = sell(api)
    customer = customer_with_card(api, "ada")
    bigger = price(api, goods, 3000)
    begun = api.v1.subscriptions.create({"customer": customer, "items": [{"price": goods.pro}]})
    coupon = api.v1.coupons.create({"id": "FUZZ", "percent_off": 10})
    promotion: Any = {"promotion": {"type": "coupon", "coupon": coupon.id}}
    code = api.v1.promotion_codes.create(promotion)
    item = api.v1.invoice_items.create({"customer": customer, "amount": 5, "currency": "eur"})
    draft = api.v1.invoices.create({"customer": customer, "currency": "eur"})
    rate = api.v1.tax_rates.create({"display_name": "VAT", "percentage": 19, "inclusive": True})
    formula: Any = {"formula": "sum"}
    meter = api.v1.billing.meters.create(
        {"display_name": "Calls", "event_name": "calls", "default_aggregation": formula}
    )
    metered, tiered = usage_stories.metered(api, goods, meter.id), usage_stories.tiered(api, goods)
    schedule = api.v1.subscription_schedules.create({"from_subscription": begun.id})
    return [
        customer,
        goods.product,
        goods.pro,
        goods.book,
        bigger,
        begun.id,
        begun.items.data[0].id,
        str(begun.latest_invoice),
        coupon.id,
        code.id,
        item.id,
        str(draft.id),
        schedule.id,
        rate.id,
        meter.id,
        metered,
        tiered,
        "calls",
        "pm_card_visa",
        "nothing",
    ]


class Fuzz:
    def __init__(self, spec: Spec, ids: list[str], seed: int) -> None:
        self.spec = spec
        self.ids = ids
        self.random = random.Random(seed)

    def path(self, operation: Operation) -> str:
        """Mostly with the id of something that the path speaks of."""
        steps = operation.path.split("/")
        for place, step in enumerate(steps):
            if "{" in step:
                steps[place] = self.id_for(steps[place - 1])
        return "/".join(steps)

    def id_for(self, noun: str) -> str:
        fitting = [one for one in self.ids if one.startswith(PREFIXES.get(noun, "?"))]
        return self.random.choice(fitting if fitting and self.random.random() < 0.9 else self.ids)

    def form(self, operation: Operation) -> list[tuple[str, str]]:
        known = self.spec.match(operation.method, operation.path.replace("{", "").replace("}", ""))
        assert known is not None
        schema = self.spec.request_schema(known)
        taken = {
            name: inner
            for name, inner in schema["properties"].items()
            if operation.fields.get(name, unsupported) is not unsupported
        }
        chosen = schema if self.random.random() < 0.1 else {**schema, "properties": taken}
        return list(self.members(chosen, "", 0))

    def members(
        self, schema: Mapping[str, Any], path: str, depth: int
    ) -> Iterator[tuple[str, str]]:
        required = schema.get("required", [])
        for name, inner in schema.get("properties", {}).items():
            if name in required or self.random.random() < 0.3:
                yield from self.value(inner, f"{path}[{name}]" if path else name, depth + 1)

    def value(self, schema: Mapping[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
        schema = self.spec.resolve(schema)
        if "anyOf" in schema:
            schema = self.spec.resolve(self.random.choice(schema["anyOf"]))
        if self.random.random() < 0.06 or depth > DEEPEST:
            yield path, self.random.choice(ODD)
        elif schema.get("type") == "array":
            for index in range(self.random.randint(0, 2)):
                yield from self.value(schema["items"], f"{path}[{index}]", depth + 1)
        elif schema.get("properties"):
            yield from self.members(schema, path, depth)
        else:
            yield path, self.plain(schema)

    def plain(self, schema: Mapping[str, Any]) -> str:
        if schema.get("enum"):
            return str(self.random.choice(schema["enum"]))
        if schema.get("type") == "boolean":
            return self.random.choice(["true", "false"])
        if schema.get("type") in ("number", "integer"):
            near = [0, 1, 2, 14, 50, 100, 1200, NOON + 86_400, NOON + 40 * 86_400]
            return str(self.random.choice(near))
        return self.random.choice([*self.ids, "eur", "usd", "card", "tok_visa", "a@b.example"])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_no_call_breaks_the_simulator(
    operation: Operation, spec: Spec, simulator: Running, ids: list[str]
) -> None:
    fuzz = Fuzz(spec, ids, seed=len(operation.path) * 31 + len(operation.method))
    with httpx2.Client(base_url=simulator.url, trust_env=False, timeout=PATIENCE) as http:
        for _ in range(TRIES):
            form = urlencode(fuzz.form(operation))
            path = fuzz.path(operation)
            headers = {"authorization": "Bearer sk_test_fuzz"}
            if operation.method == "GET":
                answer = http.get(f"{path}?{form}", headers=headers)
            else:
                headers["content-type"] = "application/x-www-form-urlencoded"
                answer = http.request(operation.method, path, content=form, headers=headers)
            assert answer.status_code < 500, f"{operation.method} {path} {form}: {answer.text}"
