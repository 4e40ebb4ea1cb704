"""`a year of renewals`: what time brings to 1,000 subscriptions, delivered to a local sink."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bench.rows import Row
from bench.simulator_calls import KEY, bare_route, simulator

AIM_SECONDS = 60.0
SOME, MANY = 1_000, 10_000
POLL = 0.5
YEAR = 365 * 24 * 3600
LISTENED_TO = (
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.updated",
)
"""What an application that keeps a copy of its subscriptions asks for."""


@dataclass(frozen=True)
class Year:
    """`seconds` until it has passed and everything is delivered; `processor`: the simulator's."""

    seconds: float
    processor: float
    delivered: int


def measure() -> list[Row]:
    with bare_route() as sink:
        some, many = _a_year(SOME, sink), _a_year(MANY, sink)
    tenfold = MANY / SOME
    name = "a year of renewals"
    return [
        Row.against(f"{name}, {SOME:,} subscriptions", some.seconds, "s", limit=AIM_SECONDS),
        Row.against(
            f"{name}, {MANY:,}, beside ten times {SOME:,}",
            many.seconds,
            "s",
            limit=some.seconds * tenfold,
        ),
        Row.against(
            f"processor of {name}, {MANY:,}, beside ten times {SOME:,}",
            many.processor,
            "s",
            limit=some.processor * tenfold,
        ),
        Row.reference(f"processor of {name}, {SOME:,}", some.processor, "s"),
        Row.reference(f"deliveries of {name}, {SOME:,}", some.delivered, "deliveries"),
    ]


def _a_year(subscriptions: int, sink: int) -> Year:
    with simulator() as (port, process), client_of(port) as client:
        subscribe(client, subscriptions)
        listen(client, f"http://127.0.0.1:{sink}/sink")
        started, used = time.perf_counter(), processor_seconds(process)
        done(client.post("/_control/clock/advance", json={"seconds": YEAR}))
        delivered = wait_for_deliveries(client)
        return Year(time.perf_counter() - started, processor_seconds(process) - used, delivered)


def processor_seconds(process: int) -> float:
    """What it has used of a core so far, in its own code and in the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def client_of(port: int) -> Iterator[httpx2.Client]:
    headers = {"authorization": f"Bearer {KEY}"}
    base = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=base, headers=headers, timeout=None, trust_env=False) as client:
        yield client


def subscribe(client: httpx2.Client, count: int) -> None:
    """So many customers, who pay € 12.00 a month with a card that works."""
    price = created(
        client,
        "prices",
        {
            "currency": "eur",
            "unit_amount": "1200",
            "recurring[interval]": "month",
            "product_data[name]": "Pro",
        },
    )
    for number in range(count):
        customer = created(
            client,
            "customers",
            {
                "email": f"person-{number}@example.test",
                "payment_method": "pm_card_visa",
                "invoice_settings[default_payment_method]": "pm_card_visa",
            },
        )
        created(client, "subscriptions", {"customer": customer, "items[0][price]": price})


def listen(client: httpx2.Client, url: str) -> None:
    listened = {f"enabled_events[{at}]": kind for at, kind in enumerate(LISTENED_TO)}
    created(client, "webhook_endpoints", {"url": url, **listened})


def created(client: httpx2.Client, resource: str, form: dict[str, str]) -> str:
    return str(done(client.post(f"/v1/{resource}", data=form))["id"])


def done(answer: httpx2.Response) -> Any:
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.url}: {answer.text}")
    return answer.json()


def wait_for_deliveries(client: httpx2.Client) -> int:
    while True:
        counts = done(client.get("/_control/deliveries?limit=1"))["counts"]
        if counts["failed"]:
            raise RuntimeError(f"Deliveries failed: {counts}")
        if counts["pending"] == 0:
            return int(counts["delivered"])
        time.sleep(POLL)
