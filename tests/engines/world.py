"""Ada, Admit and Stripe in one small world: Admit as its doors wire it, Stripe over HTTP.

Time stands still unless the test moves it: `wait` lets wall time pass, `move` is the time machine.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import gettempdir
from typing import TypeVar

import httpx2
from sqlalchemy import select

from admit.access.service import features_of
from admit.accounts.models import User
from admit.accounts.person import Person
from admit.billing.checkout.service import start_checkout
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.overdue import close_overdue
from admit.billing.reconciliation.sweep import look_at_customers, sweep
from admit.billing.webhooks.intake import Intake
from admit.core.business_time import move_business_time
from admit.core.clock import Clock, to_seconds
from admit.core.config import load_settings
from admit.core.db import Base, Database
from admit.core.events.models import EventRow, Progress, ReactionRow, ScheduleRow
from admit.core.ids import new_id
from admit.core.mail import MailRow
from admit.seeding import push_catalogue, seed_catalogue
from admit.wiring import Wiring, wire
from admit.worker import periodic_work
from tests.engines.patience import PATIENT
from tests.engines.simulators import Simulators, StripeSide, Told

Row = TypeVar("Row", bound=Base)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_of_this_test"
Healing = Callable[[Billing], Awaitable[object]]
TAKEN = (200, '{"received":true}')
PAST_SECOND_LOOK = 121
ROUNDS = 6


class MovableClock(Clock):
    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._wall = start

    def wall(self) -> datetime:
        return self._wall

    def wait(self, seconds: int) -> None:
        self._wall += timedelta(seconds=seconds)

    def restart(self, start: datetime) -> None:
        self._wall, self.offset = start, timedelta()


@dataclass
class World:
    wiring: Wiring
    clock: MovableClock
    stripe: StripeSide
    door: httpx2.AsyncClient

    @property
    def billing(self) -> Billing:
        return self.wiring.billing

    @property
    def database(self) -> Database:
        return self.wiring.parts.database

    async def person(self, name: str = "ada") -> "Actor":
        """Signed up and confirmed."""
        now, email = self.clock.wall(), f"{name}@example.test"
        user = User(
            id=new_id("usr"),
            email=email,
            email_key=email,
            first_name=name.capitalize(),
            last_name="Lovelace",
            verified_at=now,
            created_at=now,
        )
        async with self.database.write() as db:
            db.add(user)
        who = Person(
            id=user.id,
            email=email,
            first_name=user.first_name,
            last_name=user.last_name,
            initials=f"{name[0].upper()}L",
            is_verified=True,
            is_admin=False,
            session_id=f"ses_{name}",
        )
        return Actor(self, who)

    async def deliver(self, events: Iterable[Told]) -> None:
        """All at the door at once, each signed now; every one must be taken."""
        answers = await asyncio.gather(*[self.post(event.payload) for event in events])
        assert {(answer.status_code, answer.text) for answer in answers} <= {TAKEN}

    async def post(self, payload: bytes, *, signature: str | None = None) -> httpx2.Response:
        header = self.signed(payload) if signature is None else signature
        headers = {"Stripe-Signature": header} if header else {}
        return await self.door.post("/webhooks/stripe", content=payload, headers=headers)

    def signed(self, payload: bytes, *, secret: str = SECRET, late: int = 0) -> str:
        return sign(payload, secret=secret, timestamp=to_seconds(self.clock.wall()) - late)

    async def drain(self) -> None:
        await self.wiring.worker.drain()

    async def wait(self, seconds: int) -> None:
        """Wall time passes, and with it every other time."""
        self.clock.wait(seconds)
        self.stripe.advance(seconds)

    async def move(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """The time machine: Stripe's time and business time, never the wall's."""
        step = timedelta(days=days, hours=hours, minutes=minutes)
        now = self.stripe.advance(int(step.total_seconds()))
        offset = now - to_seconds(self.clock.wall())
        async with self.database.write() as db:
            await move_business_time(db, self.clock, seconds=offset)

    async def close_overdue(self) -> None:
        await close_overdue(self.billing)

    async def settle(self, healing: Healing = sweep) -> None:
        """Until nothing waits and Stripe has nothing that we have not heard of."""
        for _ in range(ROUNDS):
            await healing(self.billing)
            await self.drain()
            await self.close_overdue()
            if not await self.is_waiting():
                return
            await self.wait(PAST_SECOND_LOOK)
            await self.drain()
        raise AssertionError("The looks at Stripe do not come to an end.")

    async def sweep(self) -> None:
        await sweep(self.billing)

    async def compare_customers(self) -> None:
        """All that each has, as the sweep does day by day, and without any event."""
        await look_at_customers(self.billing)

    async def is_waiting(self) -> bool:
        async with self.database.read() as db:
            open_ones = select(ReactionRow.name).where(
                ReactionRow.progress.in_((Progress.waiting, Progress.running))
            )
            return (await db.scalars(open_ones.limit(1))).first() is not None

    async def rows(self, table: type[Row]) -> list[Row]:
        async with self.database.read() as db:
            return list(await db.scalars(select(table)))

    async def mails(self) -> list[str]:
        """Kinds of all mails, sorted."""
        return sorted(row.kind for row in await self.rows(MailRow))

    async def facts(self, name: str) -> list[EventRow]:
        return [row for row in await self.rows(EventRow) if row.name == name]

    async def together(self, *doings: Coroutine[object, object, object]) -> None:
        """At the same time, as far as one event loop goes."""
        async with asyncio.TaskGroup() as tasks:
            for doing in doings:
                tasks.create_task(doing)

    async def furnish(self) -> None:
        """The catalogue, here and at Stripe."""
        await seed_catalogue(self.wiring.parts)
        await push_catalogue(self.billing)
        await self.stop_periodic_work()

    async def stop_periodic_work(self) -> None:
        """The test says when to sweep, and when to ask about what has run out."""
        works = periodic_work(self.billing, self.database, self.clock)
        never = self.clock.wall() + timedelta(days=36500)
        async with self.database.write() as db:
            db.add_all([ScheduleRow(name=work.name, next_run_at=never) for work in works])


@dataclass(frozen=True)
class Actor:
    world: World
    person: Person

    async def starts_checkout(self, price: str = "pro-monthly", quantity: int = 1) -> str:
        """The id of the session at Stripe."""
        url = await start_checkout(
            self.world.billing, self.person, price_code=price, quantity=quantity
        )
        return url.rsplit("/", 1)[1]

    async def subscribes_to(self, price: str = "pro-monthly") -> str:
        """The id of the session, paid at Stripe; nobody has told Admit yet."""
        session_id = await self.starts_checkout(price)
        self.world.stripe.pays(session_id)
        return session_id

    async def account(self) -> BillingAccount:
        mine = [
            row for row in await self.world.rows(BillingAccount) if row.user_id == self.person.id
        ]
        (account,) = mine
        return account

    async def customer_id(self) -> str:
        return str((await self.account()).stripe_customer_id)

    async def features(self) -> set[str]:
        """What is open now."""
        async with self.world.database.read() as db:
            return set(await features_of(db, self.person.id, self.world.clock.business()))


def sign(payload: bytes, *, secret: str, timestamp: int) -> str:
    """https://docs.stripe.com/webhooks#verify-manually"""
    digest = hmac.new(secret.encode(), b"%d.%s" % (timestamp, payload), hashlib.sha256)
    return f"t={timestamp},v1={digest.hexdigest()}"


@asynccontextmanager
async def open_world(
    database_url: str, simulators: Simulators, *, start: datetime = START, **settings: object
) -> AsyncIterator[World]:
    async with open_admit(database_url, simulators.url, start=start, **settings) as (wiring, clock):
        with simulators.fresh(now=to_seconds(start)) as stripe:
            async with door_of(wiring) as door:
                world = World(wiring=wiring, clock=clock, stripe=stripe, door=door)
                await world.furnish()
                yield world


@asynccontextmanager
async def open_admit(
    database_url: str, stripe_url: str, *, start: datetime, **settings: object
) -> AsyncIterator[tuple[Wiring, MovableClock]]:
    """Everything but the pages; the worker works when it is told to."""
    clock = MovableClock(start)
    wiring = wire(
        load_settings(
            **{
                **PATIENT,
                "database_url": database_url,
                "stripe_simulator_url": stripe_url,
                "stripe_webhook_secret": SECRET,
                "admit_data_dir": gettempdir(),
                "log_level": "error",
                **settings,
            }
        ),
        clock=clock,
    )
    try:
        yield wiring, clock
    finally:
        wiring.billing.gateway.close()
        await wiring.parts.database.close()


@asynccontextmanager
async def door_of(wiring: Wiring) -> AsyncIterator[httpx2.AsyncClient]:
    """The hot road as the web door opens it, without the pages beside it."""
    intake = Intake(
        wiring.parts.database,
        wiring.parts.clock,
        secrets=wiring.parts.settings.webhook_secrets,
        mode=wiring.billing.mode,
    )
    transport = httpx2.ASGITransport(app=intake)
    async with httpx2.AsyncClient(transport=transport, base_url="http://admit.test") as door:
        yield door
