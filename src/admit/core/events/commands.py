"""`admit events …`: what gave up, and another try for it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from admit.core.http.state import Parts

MOST_SHOWN = 50


class WithParts(Protocol):
    def __call__(self, work: Callable[["Parts"], Awaitable[Any]]) -> Any: ...


def event_commands(with_parts: WithParts) -> typer.Typer:
    """`with_parts` runs a coroutine with the parts of a process of its own."""
    commands = typer.Typer(help="What happened, and who could not react.", no_args_is_help=True)

    @commands.command()
    def dead() -> None:
        """Reactions that gave up after three days, with their last error."""
        letters = with_parts(_dead)
        for letter in letters:
            typer.echo("\t".join(letter))
        if not letters:
            typer.echo("None gave up.")

    @commands.command()
    def replay(
        event: Annotated[str, typer.Argument(help="Only those on this event.")] = "",
    ) -> None:
        """Try again what gave up: all of it, or one event."""
        count = with_parts(lambda parts: _replay(parts, event or None))
        typer.echo(f"{count} reactions are tried again.")

    return commands


async def _dead(parts: "Parts") -> list[tuple[str, str, str, str]]:
    from admit.core.events.repository import dead_letters

    async with parts.database.read() as db:
        return [
            (event.id, event.name, reaction.name, reaction.last_error or "")
            for reaction, event in await dead_letters(db, limit=MOST_SHOWN)
        ]


async def _replay(parts: "Parts", event_id: str | None) -> int:
    from admit.core.events.repository import Reactions

    async with parts.database.write() as db:
        return await Reactions(db).replay(event_id, now=parts.clock.wall())
