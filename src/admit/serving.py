"""Start and stop in the right order: database, simulator, app; and back."""

import asyncio
import errno
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import typer
import uvicorn

from admit.billing.context import Billing
from admit.billing.errors import OtherStripeAccount
from admit.core import migrations
from admit.core.config import Settings, SettingsError
from admit.core.db import Database
from admit.core.logs import configure_logs
from admit.seeding import seed_catalogue
from admit.simulator import simulator_beside
from admit.web import create_app
from admit.wiring import Wiring, wire

GRACE_SECONDS = 10
LOOPBACK = "127.0.0.1"


def serve_production(settings: Settings) -> None:
    configure_logs(settings)
    refuse_taken_ports(settings)
    serve_app(settings)


def serve_everything(settings: Settings) -> None:
    """Prepares what is missing, then serves; the simulator outlives the app by a moment."""
    configure_logs(settings)
    refuse_taken_ports(settings)
    prepare(settings)
    if brings_simulator(settings):
        with simulator_beside(settings):
            serve_app(settings)
    else:
        serve_app(settings)


def brings_simulator(settings: Settings) -> bool:
    return settings.uses_simulator and not (settings.stripe_api_base or settings.is_production)


def refuse_taken_ports(settings: Settings) -> None:
    """Asked before anything is prepared. Raises `SettingsError`."""
    wanted = [("PORT", settings.admit_host, settings.port)]
    if brings_simulator(settings):
        wanted.append(("STRIPE_SIMULATOR_PORT", LOOPBACK, settings.stripe_simulator_port))
    problems = [_problem_of_port(*each) for each in wanted]
    if any(problems):
        raise SettingsError([problem for problem in problems if problem])


def _problem_of_port(name: str, host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            mend = f"Stop it, or set {name} to a free one."
            return f"{name}: another program listens on port {port} of {host} already. {mend}"
        return f"{name}: nothing can listen on port {port} of {host}: {error.strerror}."
    return None


def prepare(settings: Settings) -> None:
    settings.admit_data_dir.mkdir(parents=True, exist_ok=True)
    if not asyncio.run(_is_current(settings)):
        typer.echo("admit  bringing the database up to date")
        migrations.upgrade(settings.async_database_url)
    asyncio.run(_welcome(settings))


async def _is_current(settings: Settings) -> bool:
    database = Database.of(settings)
    try:
        async with database.read() as db:
            connection = await db.connection()
            return await connection.run_sync(migrations.is_current)
    finally:
        await database.close()


async def _welcome(settings: Settings) -> None:
    """Seed the catalogue, and say where everything is."""
    wiring = wire(settings)
    try:
        await seed_catalogue(wiring.parts)
        link = await _setup_link(wiring)
    finally:
        wiring.billing.gateway.close()
        await wiring.parts.database.close()
    typer.echo(f"admit  the app               {settings.public_url}")
    if settings.uses_simulator:
        typer.echo(f"admit  the Stripe simulator  {settings.simulator_url}")
    typer.echo(f"admit  the mailbox           {settings.public_url}/dev/mailbox")
    if link:
        typer.echo(f"admit  make yourself admin   {link}  (works once)")
    sys.stdout.flush()


async def _setup_link(wiring: Wiring) -> str | None:
    from admit.accounts.setup.service import make_setup_link

    async with wiring.parts.database.write() as db:
        token = await make_setup_link(db, now=wiring.parts.clock.wall())
    return f"{wiring.parts.settings.public_url}/setup/{token}" if token else None


def serve_app(settings: Settings) -> None:
    asyncio.run(_check_account(settings))
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(wire(settings)),
            host=settings.admit_host,
            port=settings.port,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    try:
        server.run()
    except KeyboardInterrupt:
        typer.echo("admit  stopped")
    if not server.started:
        raise typer.Exit(1)


async def _check_account(settings: Settings) -> None:
    wiring = wire(settings)
    try:
        await refuse_other_account(wiring.billing)
    finally:
        wiring.billing.gateway.close()
        await wiring.parts.database.close()


async def refuse_other_account(billing: Billing) -> None:
    """Raises `SettingsError` for a key that does not belong to this database."""
    try:
        await billing.check_account()
    except OtherStripeAccount as error:
        raise SettingsError([f"STRIPE_SECRET_KEY: {error} {error.mend}"]) from None


def serve_reloading(settings: Settings) -> None:
    """Starts anew when code changes; templates are read anew by themselves."""
    import watchfiles

    refuse_taken_ports(settings)
    styles = _watch_styles()
    try:
        watchfiles.run_process(
            Path(__file__).parent,
            target=serve_everything,
            args=(settings,),
            watch_filter=watchfiles.PythonFilter(),
        )
    finally:
        if styles is not None:
            styles.terminate()


def _watch_styles() -> subprocess.Popen[bytes] | None:
    """In a checkout with Node at hand, styles and scripts are built as they change."""
    root = Path(__file__).parents[2]
    npm = shutil.which("npm")
    if npm is None or not (root / "node_modules").is_dir():
        return None
    return subprocess.Popen([npm, "run", "--silent", "watch"], cwd=root)  # noqa: S603
