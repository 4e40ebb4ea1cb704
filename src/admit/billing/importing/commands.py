"""`admit import people` and `admit stripe link`: files of an existing business."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from admit.billing.terminal import answered, refuse

if TYPE_CHECKING:
    from admit.accounts.letters import Letters
    from admit.accounts.people.file import Entry, Problem
    from admit.billing.context import Billing

FILE = Annotated[
    Path, typer.Argument(help="A CSV file.", exists=True, dir_okay=False, readable=True)
]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Examine the file, change nothing.")]
MOST_SHOWN = 50


Work = Callable[["Billing", "Letters"], Awaitable[Any]]


class WithLetters(Protocol):
    """Runs a coroutine with the money side of a process of its own, and what it may mail."""

    def __call__(self, work: Work) -> Any: ...


def import_commands(with_letters: WithLetters) -> typer.Typer:
    commands = typer.Typer(help="Bring in what another system knows.", no_args_is_help=True)

    @commands.callback()
    def bring_in() -> None:
        """Keeps `people` a word of its own while it is the only one."""

    @commands.command()
    def people(
        file: FILE,
        *,
        dry_run: DRY_RUN = False,
        mail: Annotated[
            bool, typer.Option("--mail", help="Mail each new person how to come in.")
        ] = False,
    ) -> None:
        """Accounts for people of an existing business: email, names, verified, Stripe customer."""

        async def work(billing: "Billing", letters: "Letters", entries: list["Entry"]) -> str:
            from admit.billing.importing.service import bring_in

            done = await bring_in(billing, entries, letters=letters if mail else None)
            return (
                f"{done.new} accounts were made, {done.known} were known, "
                f"{done.linked} customers were linked."
            )

        _run(with_letters, file, work, dry_run=dry_run, needs_account=False)

    return commands


def add_link(commands: typer.Typer, with_letters: WithLetters) -> None:
    @commands.command("link")
    def link_customers(file: FILE, *, dry_run: DRY_RUN = False) -> None:
        """Give customers that Stripe has already to people: email, stripe_customer_id."""

        async def work(billing: "Billing", _: "Letters", entries: list["Entry"]) -> str:
            from admit.billing.importing.service import link_all

            return f"{await link_all(billing, entries)} customers were linked."

        _run(with_letters, file, work, dry_run=dry_run, needs_account=True)


def _run(
    with_letters: WithLetters,
    file: Path,
    act: Callable[["Billing", "Letters", list["Entry"]], Awaitable[str]],
    *,
    dry_run: bool,
    needs_account: bool,
) -> None:
    """The whole file is examined before anything is changed."""
    from admit.accounts.people.file import read_people

    with file.open(encoding="utf-8-sig", newline="") as lines:
        entries, unreadable = read_people(lines)

    async def work(billing: "Billing", letters: "Letters") -> str:
        from admit.billing.importing.service import examine

        await billing.check_account()
        outlook, wrong = await examine(billing, entries, needs_account=needs_account)
        _refuse_where_wrong([*unreadable, *wrong])
        if not dry_run:
            return await act(billing, letters, entries)
        return (
            f"Nothing was changed. {outlook.new} people are new, {outlook.known} are known, "
            f"{outlook.linked} have a Stripe customer."
        )

    typer.echo(answered(with_letters, work))


def _refuse_where_wrong(problems: list["Problem"]) -> None:
    if not problems:
        return
    lines = [f"line {each.line}: {each.sentence}" for each in sorted(problems)]
    more = len(lines) - MOST_SHOWN
    rest = [f"… and {more} more"] if more > 0 else []
    refuse(*lines[:MOST_SHOWN], *rest, "Nothing was changed.")
