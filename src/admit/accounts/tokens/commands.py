"""`admit keys …`: the keys that sign access tokens."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from admit.core.http.state import Parts


class WithParts(Protocol):
    def __call__(self, work: Callable[["Parts"], Awaitable[Any]]) -> Any: ...


def key_commands(with_parts: WithParts) -> typer.Typer:
    """`with_parts` runs a coroutine with the parts of a process of its own."""
    commands = typer.Typer(help="The keys that sign access tokens.", no_args_is_help=True)

    @commands.callback()
    def of_keys() -> None:
        """Keeps `rotate` a word of its own while it is the only one."""

    @commands.command()
    def rotate(
        *,
        at_once: Annotated[
            bool,
            typer.Option(help="Refuse what older keys signed: somebody else may hold one."),
        ] = False,
    ) -> None:
        """Sign with a new key from now on; tokens of the older ones live their ten minutes."""
        kid = with_parts(lambda parts: _rotate(parts, at_once=at_once))
        typer.echo(f"Access tokens are signed with {kid} from now on.")
        if at_once:
            typer.echo("Older tokens are refused; programs get new ones when they refresh.")

    return commands


async def _rotate(parts: "Parts", *, at_once: bool) -> str:
    from admit.accounts.tokens import keys

    async with parts.database.write() as db:
        return await keys.rotate(db, parts.vault, at_once=at_once, now=parts.clock.wall())
