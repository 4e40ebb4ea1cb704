"""People of an existing business, with the customers that Stripe has of them.

The whole file is examined first; where a line is wrong, nothing is changed. Then a portion at a
time: whoever repeats the import finds those that are in already, and goes on with the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.letters import Letters
from admit.accounts.models import Role, User
from admit.accounts.people.file import Entry, Problem
from admit.accounts.people.service import make_account, tell_of_account
from admit.accounts.setup.service import TERMINAL
from admit.billing.context import Billing
from admit.billing.customers.linking import Wish, link_customer, problems_with

PORTION = 500


@dataclass(frozen=True)
class Outlook:
    """What an import would do, or did."""

    new: int
    known: int
    """Have an account already, which stays as it is."""
    linked: int


async def examine(
    billing: Billing, entries: Sequence[Entry], *, needs_account: bool
) -> tuple[Outlook, list[Problem]]:
    """Raises `GatewayUnavailable`. `needs_account`: nobody is to be made."""
    known = await _known(billing, entries)
    problems = [
        Problem(entry.line, f"{entry.email} has no account.")
        for entry in entries
        if needs_account and entry.email_key not in known
    ]
    wishes = [
        Wish(entry.line, entry.customer_id, known.get(entry.email_key))
        for entry in entries
        if entry.customer_id
    ]
    if wishes:
        problems += await problems_with(billing, wishes)
    outlook = Outlook(new=len(entries) - len(known), known=len(known), linked=len(wishes))
    return outlook, sorted(problems)


async def bring_in(
    billing: Billing, entries: Sequence[Entry], *, letters: Letters | None
) -> Outlook:
    """With `letters` a mail tells each new person how to come in.

    Raises `CustomerTaken` and `HasCustomer` where somebody was faster.
    """
    made = 0
    for start in range(0, len(entries), PORTION):
        async with billing.database.write() as db:
            for entry in entries[start : start + PORTION]:
                made += await _bring_in(billing, db, entry, letters)
    linked = await link_all(billing, entries)
    return Outlook(new=made, known=len(entries) - made, linked=linked)


async def link_all(billing: Billing, entries: Sequence[Entry]) -> int:
    """How many were not linked before; each in a transaction of its own."""
    known, linked = await _known(billing, entries), 0
    for entry in entries:
        if entry.customer_id:
            user_id = known[entry.email_key]
            linked += await link_customer(billing, user_id=user_id, customer_id=entry.customer_id)
    return linked


async def _bring_in(
    billing: Billing, db: AsyncSession, entry: Entry, letters: Letters | None
) -> bool:
    now = billing.clock.wall()
    user = await make_account(
        db,
        {
            "email": entry.email,
            "email_key": entry.email_key,
            "first_name": entry.first_name,
            "last_name": entry.last_name,
        },
        role=Role.member,
        is_verified=entry.is_verified,
        caller=TERMINAL,
        now=now,
    )
    if user is not None and letters is not None:
        await tell_of_account(db, letters, user, now=now)
    return user is not None


async def _known(billing: Billing, entries: Sequence[Entry]) -> Mapping[str, str]:
    """Key of the address -> id of the person."""
    found: dict[str, str] = {}
    async with billing.database.read() as db:
        for start in range(0, len(entries), PORTION):
            keys = [entry.email_key for entry in entries[start : start + PORTION]]
            rows = await db.execute(select(User.email_key, User.id).where(User.email_key.in_(keys)))
            found |= {key: user_id for key, user_id in rows}  # noqa: C416 - typed
    return found
