"""`simulator writes` and `simulator reads`: calls of its API against a bare JSON route."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import stripe

from bench import load
from bench.rows import Row
from bench.servers import free_port, python, serving

ROUNDS = 3
SECONDS = 3.0
WRITES_AIM, READS_AIM = 300.0, 1500.0
CUSTOMERS = 20
KEY = "sk_test_bench"


def measure() -> list[Row]:
    """Both servers run and are asked in turn, so that the machine's moods meet both."""
    written, read, bare_writes, bare_reads = [], [], [], []
    with simulator() as (ours, _), bare_route() as bare:
        shop = Shop(ours)
        for _ in range(ROUNDS):
            written.append(calls_a_second(ours, shop.writes()))
            read.append(calls_a_second(ours, shop.reads()))
            bare_writes.append(calls_a_second(bare, [post("/json", {"email": "a@b.example"})]))
            bare_reads.append(calls_a_second(bare, [get("/json")]))
    median = statistics.median
    return [
        Row.against("simulator writes", median(written), "calls/s", limit=median(bare_writes)),
        Row.against("simulator reads", median(read), "calls/s", limit=median(bare_reads)),
        Row.against(
            "simulator writes, beside the aim", median(written), "calls/s", limit=WRITES_AIM
        ),
        Row.against("simulator reads, beside the aim", median(read), "calls/s", limit=READS_AIM),
    ]


@contextmanager
def simulator() -> Iterator[tuple[int, int]]:
    """Port and process: one of its own, its state in a file; one core is all that it can use."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = python(
            "-m", "stripe_simulator", "--port", str(port), "--state", str(Path(folder) / "state.db")
        )
        with serving(command, {}, port=port, path="/_control/clock") as process:
            yield port, process.pid


@contextmanager
def bare_route() -> Iterator[int]:
    port = free_port()
    command = python(
        "-m",
        "uvicorn",
        "bench.bare_json:app",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "error",
    )
    with serving(command, {}, port=port):
        yield port


class Shop:
    """Customers with a subscription each, and what is asked about them."""

    def __init__(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        self.api = stripe.StripeClient(KEY, base_addresses={"api": address})
        self.price = self._price()
        self.customers = [self._customer(number) for number in range(CUSTOMERS)]
        self.subscriptions = [
            self.api.v1.subscriptions.create({"customer": one, "items": [{"price": self.price}]}).id
            for one in self.customers
        ]

    def _price(self) -> str:
        made = self.api.v1.prices.create(
            {
                "currency": "eur",
                "unit_amount": 1200,
                "recurring": {"interval": "month"},
                "product_data": {"name": "Pro"},
            }
        )
        return made.id

    def _customer(self, number: int) -> str:
        made = self.api.v1.customers.create({"email": f"person-{number}@example.test"})
        card = self.api.v1.payment_methods.attach("pm_card_visa", {"customer": made.id})
        self.api.v1.customers.update(
            made.id, {"invoice_settings": {"default_payment_method": card.id}}
        )
        return made.id

    def writes(self) -> list[str]:
        """Somebody comes, changes his name, and is billed for something on his next invoice."""
        found = []
        for customer in self.customers:
            found += [
                post("/v1/customers", {"email": "new@example.test", "metadata[user]": "7"}),
                post(f"/v1/customers/{customer}", {"name": "Ada Lovelace"}),
                post(
                    "/v1/invoiceitems",
                    {"customer": customer, "amount": "500", "currency": "eur"},
                ),
            ]
        return found

    def reads(self) -> list[str]:
        """A customer, his subscription with its invoice, and his list of invoices."""
        found = []
        for customer, subscription in zip(self.customers, self.subscriptions, strict=True):
            found += [
                get(f"/v1/customers/{customer}"),
                get(f"/v1/subscriptions/{subscription}?expand[]=latest_invoice"),
                get(f"/v1/invoices?customer={customer}&limit=3"),
            ]
        return found


def calls_a_second(port: int, requests: list[str]) -> float:
    result = load.run(load.Job(port=port, seconds=SECONDS, requests=requests))
    if result.failures:
        raise RuntimeError(f"Not every call was answered: {result.statuses}")
    return result.per_second


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n\r\n"


def post(path: str, form: dict[str, str]) -> str:
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
