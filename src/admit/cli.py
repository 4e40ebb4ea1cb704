"""The command line door. Each command imports what it needs, when it needs it."""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from admit import __version__
from admit.access.commands import access_commands
from admit.accounts.commands import user_commands
from admit.accounts.tokens.commands import key_commands
from admit.billing.catalog.commands import catalog_commands
from admit.billing.catalog.file import CatalogError
from admit.billing.connection.commands import stripe_commands
from admit.billing.importing.commands import import_commands
from admit.billing.reconciliation.commands import add_sync
from admit.billing.refunds.commands import billing_commands
from admit.core.config import Settings, SettingsError, load_settings
from admit.core.events.commands import event_commands

if TYPE_CHECKING:
    from admit.access.explaining.chain import Explainer
    from admit.accounts.letters import Letters
    from admit.billing.context import Billing
    from admit.core.http.state import Parts
    from admit.wiring import Wiring

app = typer.Typer(
    help="Admit: sell access, and decide who is let in.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Result = TypeVar("Result")


def main() -> None:
    # A fifth of the start was spent looking for garbage among modules; `wire` lets it begin.
    gc.disable()
    try:
        app()
    except SettingsError as error:
        typer.secho("Admit cannot start with these settings:", fg="red", err=True)
        for problem in error.problems:
            typer.echo(f"  {problem}", err=True)
        sys.exit(2)
    except CatalogError as error:
        typer.secho("The catalogue file cannot be used:", fg="red", err=True)
        for problem in error.problems:
            typer.echo(f"  {problem}", err=True)
        sys.exit(1)


@app.command()
def version() -> None:
    """The version that is installed."""
    typer.echo(__version__)


@app.command()
def run() -> None:
    """Everything in one process, for development: app, worker, mailbox and Stripe simulator."""
    settings = load_settings()
    if settings.is_production:
        raise SettingsError(["ADMIT_ENV: `admit run` is for development; use `admit serve`"])
    from admit.serving import serve_everything

    serve_everything(settings)


@app.command()
def serve(
    *, reload: Annotated[bool, typer.Option(help="Follow code, templates and styles.")] = False
) -> None:
    """The web server. In development it prepares the database and starts the simulator too."""
    settings = load_settings()
    from admit.serving import serve_everything, serve_production, serve_reloading

    if settings.is_production:
        serve_production(settings)
    elif reload:
        serve_reloading(settings)
    else:
        serve_everything(settings)


@app.command()
def worker() -> None:
    """The worker alone, beside web processes that set WORKER_IN_PROCESS=false."""
    _with_wiring(_work, settings=load_settings(worker_in_process=True))


async def _work(wiring: "Wiring") -> None:
    """Until it is told to stop; what it is doing then, it finishes."""
    from admit.core.logs import configure_logs
    from admit.serving import refuse_other_account

    configure_logs(wiring.parts.settings)
    await refuse_other_account(wiring.billing)
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with wiring.running():
        typer.echo("admit  the worker is running")
        sys.stdout.flush()
        await stopped.wait()


@app.command()
def migrate(
    make: Annotated[
        str, typer.Option(help="Write a new script with this message instead of applying.")
    ] = "",
    back_to: Annotated[str, typer.Option(help="Undo down to this revision.")] = "",
) -> None:
    """Bring the database's schema up to date."""
    from admit.core import migrations

    url = _prepared(load_settings()).async_database_url
    if make:
        migrations.make_revision(url, make)
    elif back_to:
        migrations.downgrade(url, back_to)
    else:
        migrations.upgrade(url)
        typer.echo("The database is up to date.")


@app.command()
def seed(*, push: Annotated[bool, typer.Option(help="Offer it at Stripe as well.")] = True) -> None:
    """Put the catalogue file's plans, prices and features into a database that has none yet."""
    _with_wiring(lambda wiring: _seed(wiring, push=push))


async def _seed(wiring: "Wiring", *, push: bool) -> None:
    from admit.billing.gateway import GatewayUnavailable
    from admit.seeding import push_catalogue, seed_catalogue
    from admit.serving import refuse_other_account

    if push:
        await refuse_other_account(wiring.billing)
    if await seed_catalogue(wiring.parts):
        typer.echo("The catalogue is in the database.")
    else:
        typer.echo("There is a catalogue; `admit catalog apply` makes it equal to the file.")
    if not push:
        return
    try:
        for refusal in await push_catalogue(wiring.billing):
            typer.secho(f"Stripe refuses: {refusal.step}: {refusal.reason}", fg="red", err=True)
        typer.echo("Stripe offers the same products and prices.")
    except GatewayUnavailable:
        typer.echo("Stripe does not answer; the catalogue is pushed once it does.")


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Option(prompt="E-mail")],
    first_name: Annotated[str, typer.Option(prompt="First name")],
    last_name: Annotated[str, typer.Option(prompt="Last name")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make an administrator who can sign in at once."""
    from admit.core.errors import AppError, InvalidInput

    async def make(wiring: "Wiring") -> None:
        from admit.accounts.setup.service import create_admin as create

        async with wiring.parts.database.write() as db:
            await create(
                db,
                wiring.passwords,
                email=email,
                first_name=first_name,
                last_name=last_name,
                password=password,
                settings=wiring.parts.settings,
                now=wiring.parts.clock.wall(),
            )

    try:
        _with_wiring(make)
    except InvalidInput as error:
        for field, sentence in error.errors.items():
            typer.secho(f"{field}: {sentence}", fg="red", err=True)
        raise typer.Exit(1) from None
    except AppError as error:
        typer.secho(error.message, fg="red", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{email} is an administrator.")


@app.command()
def shell() -> None:
    """A Python prompt with the models, a session `db`, and `run(...)` for what is awaited."""
    from admit.prompt import interact

    interact(load_settings())


@app.command()
def doctor() -> None:
    """Look at settings, database and Stripe: what is wrong, and how to mend it."""
    try:
        settings = load_settings()
    except SettingsError as error:
        for problem in error.problems:
            typer.secho(f"✗ {problem}", fg="red")
        raise typer.Exit(1) from None
    from admit.doctor import examine

    findings = asyncio.run(examine(_prepared(settings)))
    for finding in findings:
        mark, colour = ("✓", "green") if finding.well else ("✗", "red")
        typer.secho(f"{mark} {finding.what}", fg=colour)
        if finding.mend:
            typer.echo(f"    {finding.mend}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


def _prepared(settings: Settings) -> Settings:
    Path(settings.admit_data_dir).mkdir(parents=True, exist_ok=True)
    return settings


def _with_wiring(
    work: Callable[["Wiring"], Awaitable[Result]], settings: Settings | None = None
) -> Result:
    from admit.wiring import wire

    async def inside() -> Result:
        wiring = wire(_prepared(settings or load_settings()))
        try:
            return await work(wiring)
        finally:
            wiring.billing.gateway.close()
            await wiring.parts.database.close()

    return asyncio.run(inside())


def _with_parts(work: Callable[["Parts"], Awaitable[Result]]) -> Result:
    return _with_wiring(lambda wiring: work(wiring.parts))


def _with_billing(work: Callable[["Billing"], Awaitable[Result]]) -> Result:
    return _with_wiring(lambda wiring: work(wiring.billing))


def _with_letters(work: Callable[["Billing", "Letters"], Awaitable[Result]]) -> Result:
    from admit.accounts.letters import Letters

    async def inside(wiring: "Wiring") -> Result:
        parts = wiring.parts
        letters = Letters.of(parts.settings, parts.templates, parts.vault)
        return await work(wiring.billing, letters)

    return _with_wiring(inside)


def _explainers() -> "Mapping[str, Explainer]":
    from admit.explainers import EXPLAINERS

    return EXPLAINERS


add_sync(app, _with_billing)
app.add_typer(user_commands(_with_parts), name="user")
app.add_typer(access_commands(_with_parts, _explainers), name="access")
app.add_typer(key_commands(_with_parts), name="keys")
app.add_typer(stripe_commands(_with_billing, _with_letters), name="stripe")
app.add_typer(import_commands(_with_letters), name="import")
app.add_typer(catalog_commands(_with_billing), name="catalog")
app.add_typer(billing_commands(_with_billing), name="billing")
app.add_typer(event_commands(_with_parts), name="events")
