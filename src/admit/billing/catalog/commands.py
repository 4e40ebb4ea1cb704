"""`admit catalog …`: what is sold, as a file."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

if TYPE_CHECKING:
    from admit.billing.catalog.concerned import Concerned
    from admit.billing.catalog.entries import Catalog
    from admit.billing.catalog.planning import Outlook
    from admit.billing.catalog.push import Refusal
    from admit.billing.context import Billing

CatalogFile = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="Without it: ADMIT_CATALOG_FILE.", show_default=False),
]


class WithBilling(Protocol):
    def __call__(self, work: Callable[["Billing"], Awaitable[Any]]) -> Any: ...


def catalog_commands(with_billing: WithBilling) -> typer.Typer:
    """`with_billing` runs a coroutine with the money side of a process of its own."""
    commands = typer.Typer(help="What is sold, as a file.", no_args_is_help=True)
    _add_plan(commands, with_billing)
    _add_apply(commands, with_billing)
    _add_export(commands, with_billing)
    return commands


def _add_plan(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("plan")
    def show_plan(file: CatalogFile = None) -> None:
        """What `apply` would change, here and at Stripe, and whose access; nothing is changed."""

        async def work(billing: "Billing") -> None:
            from admit.billing.catalog.planning import plan

            outlook = await plan(billing, _declared(billing, file))
            _tell(outlook)
            if not outlook.is_empty:
                typer.echo("Nothing was changed yet: `admit catalog apply` does it.")

        with_billing(work)


def _add_apply(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("apply")
    def apply_file(file: CatalogFile = None) -> None:
        """Make catalogue and Stripe say what the file says; safe to repeat."""

        async def work(billing: "Billing") -> None:
            from admit.billing.catalog.planning import carry_out, push_now
            from admit.billing.errors import OtherStripeAccount
            from admit.billing.gateway import GatewayUnavailable

            try:
                await billing.check_account()
            except OtherStripeAccount as other:
                typer.secho(f"{other} {other.mend}", fg="red", err=True)
                raise typer.Exit(1) from None
            _tell(await carry_out(billing, _declared(billing, file)))
            try:
                _tell_refusals(await push_now(billing))
            except GatewayUnavailable:
                typer.secho(
                    "It is done here. Stripe does not answer: run this again, or leave it to the "
                    "worker, which tries every ten minutes.",
                    fg="yellow",
                    err=True,
                )
                raise typer.Exit(1) from None
            typer.echo("Catalogue and Stripe say what the file says.")

        with_billing(work)


def _add_export(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("export")
    def export() -> None:
        """The catalogue as it stands, as a file that `plan` and `apply` read."""

        async def work(billing: "Billing") -> str:
            from admit.billing.catalog.file import as_toml
            from admit.billing.catalog.standing import standing_catalog

            async with billing.database.read() as db:
                return as_toml(await standing_catalog(db))

        typer.echo(with_billing(work), nl=False)


def _declared(billing: "Billing", file: Path | None) -> "Catalog":
    from admit.billing.catalog.file import load_file

    return load_file(file or billing.settings.admit_catalog_file)


def _tell(outlook: "Outlook") -> None:
    if outlook.is_empty:
        typer.echo("Nothing to do: catalogue and Stripe say the same already.")
        return
    for title, lines in (
        ("Here:", list(_changes_in_words(outlook))),
        ("At Stripe:", list(outlook.steps)),
        ("Whose access changes:", [_people_in_words(each) for each in outlook.concerned]),
    ):
        if lines:
            typer.secho(title, bold=True)
            typer.echo("".join(f"  {line}\n" for line in lines))
    if not outlook.concerned:
        typer.echo("Nobody's access changes.")


def _changes_in_words(outlook: "Outlook") -> Iterator[str]:
    for change in outlook.changes:
        yield str(change)
        for detail in change.details:
            yield f"    {detail}"


def _people_in_words(each: "Concerned") -> str:
    change, people = each.change, each.people
    if change.plan_code is not None:
        who = f'who {"has" if people == 1 else "have"} the plan "{change.plan_code}"'
    elif change.feature_key is not None:
        who = f'who {"holds" if people == 1 else "hold"} "{change.feature_key}"'
    else:
        who = "with a confirmed address"
    noun = "person" if people == 1 else "people"
    more = f" and {people - len(each.sample)} more" if people > len(each.sample) else ""
    details = "; ".join(map(str, change.details))
    return f"{people} {noun} {who} ({', '.join(each.sample)}{more}): {details}"


def _tell_refusals(refusals: "list[Refusal]") -> None:
    for refusal in refusals:
        typer.secho(f"Stripe refuses to {refusal.step}: {refusal.reason}", fg="red", err=True)
    if refusals:
        typer.echo("It is done here. Correct the file and apply it again.", err=True)
        raise typer.Exit(1)
