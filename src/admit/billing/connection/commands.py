"""`admit stripe …`: the connection to a Stripe account, from the terminal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from admit.billing.importing.commands import WithLetters, add_link
from admit.billing.terminal import WithBilling, answered

if TYPE_CHECKING:
    from admit.billing.connection.endpoint import SetUp
    from admit.billing.connection.key import KeyFacts
    from admit.billing.connection.switching import Plan
    from admit.billing.context import Billing
    from admit.billing.reconciliation.models import Drift

STRIPE_CLI = "stripe listen --events {events} --forward-to {address}"


def stripe_commands(with_billing: WithBilling, with_letters: WithLetters) -> typer.Typer:
    commands = typer.Typer(help="The connection to Stripe.", no_args_is_help=True)
    _add_setup(commands, with_billing)
    _add_switch(commands, with_billing)
    _add_events(commands)
    _add_drift(commands, with_billing)
    add_link(commands, with_letters)
    return commands


def _add_setup(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command()
    def setup(
        *,
        new_secret: Annotated[
            bool, typer.Option("--new-secret", help="Make another endpoint and show its secret.")
        ] = False,
        remove_former: Annotated[
            bool, typer.Option("--remove-former", help="Remove the endpoints that this replaced.")
        ] = False,
    ) -> None:
        """Check the key, and have Stripe send here exactly the events that Admit handles."""

        async def work(billing: "Billing") -> None:
            from admit.billing.connection.address import why_out_of_reach
            from admit.billing.connection.endpoint import remove, set_up
            from admit.billing.connection.key import examine_key

            _tell_key(await examine_key(billing))
            if billing.settings.polls_events:
                typer.echo(
                    "STRIPE_EVENTS=poll: Stripe is asked for its events; no endpoint is needed."
                )
                return
            problem = why_out_of_reach(billing.settings.public_url, mode=billing.mode)
            if problem:
                _tell_other_ways(problem, billing.settings.public_url)
                raise typer.Exit(1)
            done = await set_up(billing, new_secret=new_secret)
            _tell_endpoint(done)
            _tell_secret(done)
            if remove_former:
                await remove(billing, done.former)
            _tell_former(done, removed=remove_former)

        answered(with_billing, work)


def _add_switch(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("switch")
    def switch_account(
        *,
        dry_run: Annotated[bool, typer.Option(help="Only say whose access would end.")] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        """Change over to the account or mode of the key in use. Stop the server first."""

        async def work(billing: "Billing") -> None:
            from admit.billing.connection.key import whose_key
            from admit.billing.connection.switching import (
                NothingToSwitch,
                look_at_the_unseen,
                plan_switch,
                switch,
            )

            account_id = await whose_key(billing)
            try:
                plan = await plan_switch(billing, account_id)
            except NothingToSwitch:
                typer.echo(f"This database belongs to {account_id} ({billing.mode}) already.")
                await look_at_the_unseen(billing, tell=_tell_progress())
                return
            _tell_plan(plan)
            if dry_run or not (yes or typer.confirm("Change over now?")):
                return
            await switch(billing, account_id, tell=_tell_progress())
            typer.echo(f"{plan.after} is in use now, and offers the catalogue.")
            typer.echo("Next: `admit stripe setup`, then start the server.")

        answered(with_billing, work)


def _tell_plan(plan: "Plan") -> None:
    typer.echo(f"From {plan.before} to {plan.after}.")
    typer.echo(f"{plan.people} people stay, with their accounts and what staff granted them.")
    if plan.returning:
        typer.echo(f"{plan.returning} customers of {plan.after} are known and are looked at anew.")
    typer.echo(f"{len(plan.ending)} subscriptions cannot go on, and end with what they open:")
    for each in plan.ending:
        typer.echo(f"  {each.email}\t{each.plan}\t{each.status}\tuntil {each.period_end:%Y-%m-%d}")


def _tell_progress() -> Callable[[str, int, int], None]:
    """Each step once, and every thousandth of its many."""

    def tell(what: str, done: int, of: int) -> None:
        if done % 1000 == 0:
            typer.echo(f"{what}: {done} of {of}")

    return tell


def _add_events(commands: typer.Typer) -> None:
    @commands.command()
    def events() -> None:
        """The events that Admit handles, as `stripe listen --events` takes them."""
        from admit.billing.connection.endpoint import handled_events

        typer.echo(",".join(handled_events()))


def _add_drift(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("drift")
    def show_drift(
        days: Annotated[int, typer.Option(min=1, max=90, help="How far to look back.")] = 30,
    ) -> None:
        """Where our copy differed from Stripe, found by comparing; what is open comes first."""

        async def work(billing: "Billing") -> list[str]:
            from datetime import timedelta

            from admit.billing.reconciliation.drift import newest_drifts

            since = billing.clock.wall() - timedelta(days=days)
            async with billing.database.read() as db:
                return [_in_words(each) for each in await newest_drifts(db, since=since, limit=500)]

        lines: list[str] = with_billing(work)
        typer.echo("\n".join(lines) or "Nothing differed.")


def _in_words(drift: "Drift") -> str:
    end = f"repaired {drift.repaired_at:%H:%M}" if drift.repaired_at else "OPEN"
    what = drift.field or "the object"
    values = f"{drift.ours or 'unknown'} → {drift.theirs or 'unknown'}"
    found = f"{drift.found_at:%Y-%m-%d %H:%M}"
    return f"{found}  {end:<14}  {drift.kind} {drift.object_id}  {what}: {values}"


def _tell_key(key: "KeyFacts") -> None:
    typer.echo(
        f"The key is of {key.account_id} ({key.name}), mode {key.mode}, and may do its work."
    )


def _tell_other_ways(problem: str, public_url: str) -> None:
    command = STRIPE_CLI.format(
        events='"$(admit stripe events)"', address=f"{public_url}/webhooks/stripe"
    )
    typer.secho(problem, fg="red", err=True)
    typer.echo("Set ADMIT_PUBLIC_URL to an address that it can reach (a tunnel will do), or let")
    typer.echo("the Stripe CLI bring the events here, and put the secret that it prints into")
    typer.echo(f"STRIPE_WEBHOOK_SECRET:\n\n  {command}\n")


def _tell_endpoint(done: "SetUp") -> None:
    endpoint = done.endpoint
    if done.made:
        how = "was made"
    elif done.changed:
        how = f"was brought in line ({', '.join(done.changed)})"
    else:
        how = "is as it should be"
    sends = f"{len(endpoint.events)} kinds of events, version {endpoint.version}"
    typer.echo(f"The endpoint {endpoint.id} {how}: {endpoint.url}, {sends}.")


def _tell_secret(done: "SetUp") -> None:
    if done.secret is None:
        typer.echo("Its secret was shown when it was made; --new-secret makes another.")
        return
    typer.echo("Put its signing secret where the server reads its settings (.env, or the secret")
    typer.echo("store of your host) and start the server anew. It is shown this once:")
    typer.echo(f"\n  STRIPE_WEBHOOK_SECRET={done.secret}\n")


def _tell_former(done: "SetUp", *, removed: bool) -> None:
    if not done.former:
        return
    names = ", ".join(each.id for each in done.former)
    if removed:
        typer.echo(f"Removed: {names}.")
        return
    typer.echo(f"Still there: {names}. Keep its secret beside the new one, separated by a comma,")
    typer.echo("until the server runs with both; then run this with --remove-former.")
