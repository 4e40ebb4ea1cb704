"""The worker door: which reactions follow which events, and what is done by the clock."""

from collections.abc import Mapping
from datetime import timedelta

from admit.accounts import effects as accounts_effects
from admit.accounts import service as accounts
from admit.accounts.periodic import periodic_work as accounts_by_the_clock
from admit.billing import effects as billing_effects
from admit.billing.context import Billing
from admit.billing.reconciliation.drift import forget_repaired
from admit.billing.reconciliation.overdue import close_overdue
from admit.billing.reconciliation.sweep import poll, sweep
from admit.billing.webhooks.processing import StripeLane
from admit.core.clock import Clock
from admit.core.db import Database
from admit.core.events.repository import prune_unclaimed, prune_unrouted
from admit.core.events.worker import Periodic, ReactionLane, Worker
from admit.core.http.state import Parts
from admit.core.mail import MailQueued
from admit.core.mail.transport import sending, smtp_transport
from admit.holdings import HOLDINGS
from admit.seeding import push_catalogue

UNROUTED_KEPT = timedelta(days=30)
DRIFT_KEPT = timedelta(days=90)


def reaction_names() -> Mapping[str, tuple[str, ...]]:
    """Which reactions each kind of event wakes."""
    return {
        MailQueued.name: ("mail.send",),
        **accounts_effects.REACTIONS_TO,
        **billing_effects.REACTIONS_TO,
    }


def make_worker(parts: Parts, billing: Billing) -> Worker:
    database, clock = parts.database, parts.clock
    smtp_url = parts.settings.smtp_url.get_secret_value()
    transport = smtp_transport(smtp_url, parts.settings.mail_from) if smtp_url else None
    reactions = {
        "mail.send": sending(database, parts.vault, clock, transport),
        **accounts_effects.reactions(parts),
        **billing_effects.reactions(billing, parts.templates),
    }
    return Worker(
        database,
        clock,
        lanes=(StripeLane(billing), ReactionLane(database, clock, reactions)),
        periodic=(
            *periodic_work(billing, database, clock),
            *accounts_by_the_clock(parts, HOLDINGS),
        ),
    )


def periodic_work(billing: Billing, database: Database, clock: Clock) -> tuple[Periodic, ...]:
    async def overdue() -> None:
        await close_overdue(billing)

    async def heal() -> None:
        await sweep(billing)

    async def offer() -> None:
        await push_catalogue(billing)

    async def prune() -> None:
        async with database.write() as db:
            await prune_unrouted(db, before=clock.wall() - UNROUTED_KEPT)
            await prune_unclaimed(db, before=clock.wall() - UNROUTED_KEPT)
            await forget_repaired(db, before=clock.wall() - DRIFT_KEPT)
            await accounts.prune(db, now=clock.wall())

    return (
        *polling(billing),
        Periodic("every minute: ask Stripe about what has run out", timedelta(minutes=1), overdue),
        Periodic("every ten minutes: find what no event told us", timedelta(minutes=10), heal),
        Periodic("every ten minutes: offer the catalogue at Stripe", timedelta(minutes=10), offer),
        Periodic("every day: forget what has ended", timedelta(days=1), prune),
    )


def polling(billing: Billing) -> tuple[Periodic, ...]:
    """Where Stripe cannot reach this site."""
    settings = billing.settings

    async def ask() -> None:
        await poll(billing)

    if not settings.polls_events:
        return ()
    every = timedelta(seconds=settings.stripe_poll_seconds)
    return (Periodic("all the time: ask Stripe what happened", every, ask),)
