"""What the commands share: a transaction for each, and sentences for what cannot be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from admit.accounts.letters import Letters
    from admit.accounts.people.service import Found
    from admit.core.http.state import Parts

ROLES = ("member", "staff", "admin")


@dataclass(frozen=True)
class Desk:
    """What a command works with; `now` is wall time."""

    db: "AsyncSession"
    letters: "Letters"
    now: datetime


AtDesk = Callable[[Callable[[Desk], Awaitable[Any]]], Any]


class WithParts(Protocol):
    def __call__(self, work: Callable[["Parts"], Awaitable[Any]]) -> Any: ...


def answered(with_parts: WithParts, work: Callable[[Desk], Awaitable[Any]]) -> Any:
    """One transaction a command; what cannot be is said in a sentence."""

    async def inside(parts: "Parts") -> Any:
        from admit.accounts.letters import Letters

        letters = Letters.of(parts.settings, parts.templates, parts.vault)
        async with parts.database.write() as db:
            return await work(Desk(db, letters, parts.clock.wall()))

    return in_sentences(lambda: with_parts(inside))


def in_sentences(work: Callable[[], Any]) -> Any:
    """Runs it; what cannot be is said in a sentence, and ends the command."""
    from admit.core.errors import AppError, InvalidInput

    try:
        return work()
    except InvalidInput as error:
        for field, sentence in error.errors.items():
            typer.secho(f"{field}: {sentence}", fg="red", err=True)
    except AppError as error:
        typer.secho(error.message, fg="red", err=True)
    raise typer.Exit(1)


async def found_at(desk: Desk, email: str) -> "Found":
    from admit.accounts.people.service import find_person
    from admit.core.errors import NotFound

    found = await find_person(desk.db, email, now=desk.now)
    if found is None:
        raise NotFound(f"Nobody has an account with the address {email}.")
    return found


def role_of(name: str) -> Any:
    from admit.accounts.models import Role
    from admit.core.errors import InvalidInput

    if name not in ROLES:
        raise InvalidInput({"role": f"Choose one of {', '.join(ROLES)}."})
    return Role(name)


def facts_of(found: "Found") -> list[tuple[str, str]]:
    user, profile = found.user, found.profile
    changed = profile.updated_at if profile else None
    last_login = f"{user.last_login_at:%Y-%m-%d %H:%M} UTC" if user.last_login_at else "never"
    return [
        ("id", user.id),
        ("e-mail", user.email),
        ("name", f"{user.first_name} {user.last_name}"),
        ("handle", (profile.handle if profile else None) or "none"),
        ("role", user.role),
        ("state", "active" if user.is_active else "closed"),
        ("confirmed", "yes" if user.is_verified else "no"),
        ("password", "yes" if user.password_hash else "none"),
        ("second factor", "yes" if user.has_two_factor else "none"),
        ("newsletter", "yes" if profile and profile.newsletter else "no"),
        ("member since", f"{user.created_at:%Y-%m-%d}"),
        ("changed", f"{changed:%Y-%m-%d}" if changed else "never"),
        ("last sign-in", last_login),
        ("signed in at", f"{len(found.sessions)} places"),
    ]
