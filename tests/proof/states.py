"""What Admit holds of each person when all is said: everything but names and the way there."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from admit.access.models import GrantRow
from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.models import MirrorRow
from admit.core.db import Base
from admit.core.events.models import EventRow, Progress, ReactionRow
from admit.core.mail import MailRow
from tests.engines.world import Actor, World

State = Counter[Hashable]
"""Rows without ids, each with how often it is there."""

THE_WAY = frozenset({"look", "look_source", "look_second", "created_at"})
"""Columns that tell how a row came to be, not what is so."""
ID = re.compile(r"\b([a-z]{2,8})_\w{16,}")
NUMBER_OF_INVOICE = re.compile(r"^\w{8}(?=-\d{4}$)")
LOOKS = "billing.look_again"


async def states_of(world: World, people: Sequence[Actor]) -> list[State]:
    """For each person: mirrors, grants, facts told and mails sent."""
    whose = {actor.person.id: actor.person.id for actor in people}
    whose |= {actor.person.email: actor.person.id for actor in people}
    accounts = await world.rows(BillingAccount)
    whose |= {account.id: account.user_id for account in accounts}
    states: dict[str, State] = defaultdict(Counter)
    for table in mirrored():
        for row in await world.rows(table):
            states[whose[vars(row)["billing_account_id"]]][seen(row)] += 1
    for grant in await world.rows(GrantRow):
        states[grant.user_id][seen(grant)] += 1
    for fact in await world.rows(EventRow):
        if fact.source == "admit" and (told := told_of(fact)):
            states[told][fact.name] += 1
    for mail in await world.rows(MailRow):
        states[whose[mail.recipient]][mail.kind] += 1
    return [states[actor.person.id] for actor in people]


async def nothing_is_left_to_do(world: World) -> bool:
    return {row.progress for row in await world.rows(ReactionRow)} == {Progress.done}


def mirrored() -> Iterator[type[Base]]:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, MirrorRow):
            yield mapper.class_


def seen(row: Base) -> Hashable:
    values = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    shown = {name: value for name, value in values.items() if name not in THE_WAY}
    return (type(row).__name__, *sorted((name, nameless(value)) for name, value in shown.items()))


def nameless(value: Any) -> str:
    """Ids and addresses become their kind: everybody has their own."""
    text = value if isinstance(value, str) else repr(value)
    if "://" in text:
        return "an address"
    return NUMBER_OF_INVOICE.sub("…", ID.sub(r"\1_…", text))


def told_of(fact: EventRow) -> str | None:
    """Whom a fact is about; looks that are repeated are no facts."""
    about: dict[str, str] = json.loads(fact.payload)
    return None if fact.name == LOOKS else about.get("user_id")
