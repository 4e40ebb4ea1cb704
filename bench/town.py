"""A town of any size: one person who really subscribed, and as many like her as are asked for.

Her rows are copied inside SQLite, which makes a million people in seconds. Every id, address and
Stripe id of a copy ends with the number of its person.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from admit.core import migrations
from tests.engines.simulators import Told, running_simulators
from tests.engines.world import open_world

COPIED = {
    "users": ("id", "email", "email_key"),
    "billing_accounts": ("id", "user_id", "stripe_customer_id"),
    "subscriptions": ("id", "billing_account_id", "latest_invoice_id"),
    "invoices": ("id", "billing_account_id", "subscription_id", "number"),
    "grants": ("id", "user_id", "source_id"),
    "access_versions": ("user_id",),
}
"""Tables of a person, and the columns in which each has something of its own."""


@dataclass(frozen=True)
class Town:
    folder: Path
    event: Told
    """Her renewal is paid, says Stripe; nobody here has heard of it."""
    names: tuple[str, ...]
    """Ids in that event that are hers."""

    @property
    def database(self) -> Path:
        return self.folder / "admit.db"

    def event_of(self, person: int) -> bytes:
        """The same event about somebody else."""
        text = self.event.payload.decode()
        for name in (self.event.id, *self.names):
            text = text.replace(f'"{name}"', f'"{name}_{person}"')
        return text.encode()


@contextmanager
def town(people: int) -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as folder:
        founded = asyncio.run(_found(Path(folder)))
        with sqlite3.connect(founded.database) as connection:
            for table, own in COPIED.items():
                _copy(connection, table, own, people)
            connection.execute("ANALYZE")
        connection.close()
        yield founded


async def _found(folder: Path) -> Town:
    """By the product's own road, so that the rows are what it makes of them."""
    migrations.upgrade(f"sqlite:///{folder / 'admit.db'}")
    url = f"sqlite+aiosqlite:///{folder / 'admit.db'}"
    with running_simulators() as simulators:
        async with open_world(url, simulators, start=datetime.now(UTC)) as world:
            ada = await world.person("ada")
            await ada.subscribes_to()
            await world.settle()
            last = world.stripe.events()[-1].id
            await world.move(days=31, hours=2)
            (paid,) = [e for e in world.stripe.events(after=last) if e.type == "invoice.paid"]
            (invoice, _) = world.stripe.all("/v1/invoices")
            subscription = invoice["parent"]["subscription_details"]["subscription"]
            names = (invoice["id"], invoice["customer"], subscription)
    return Town(folder, paid, names)


def _copy(connection: sqlite3.Connection, table: str, own: tuple[str, ...], people: int) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    copied = ", ".join(f"{name} || '_' || person" if name in own else name for name in columns)
    connection.execute(
        f"WITH RECURSIVE town(person) AS (SELECT 1 UNION ALL SELECT person + 1 FROM town"  # noqa: S608 - names of ours
        f" WHERE person < {people})"
        f" INSERT INTO {table} SELECT {copied} FROM {table}, town"
    )
