"""`admit user …`: what an operator does with accounts, from the terminal."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admit.accounts.people.terminal import (
    AtDesk,
    Desk,
    WithParts,
    answered,
    facts_of,
    found_at,
    role_of,
)

if TYPE_CHECKING:
    from admit.accounts.models import User
    from admit.accounts.people.service import Found

EMAIL = Annotated[str, typer.Argument(help="The address of the account.", metavar="EMAIL")]


def user_commands(with_parts: WithParts) -> typer.Typer:
    """`with_parts` runs a coroutine with the parts of a process of its own."""
    commands = typer.Typer(help="People and their accounts.", no_args_is_help=True)

    def at_desk(work: Callable[[Desk], Awaitable[Any]]) -> Any:
        return answered(with_parts, work)

    _add_looking(commands, at_desk)
    _add_making(commands, at_desk)
    _add_closing(commands, at_desk)
    _add_rescuing(commands, at_desk)
    return commands


def _add_looking(commands: typer.Typer, at_desk: AtDesk) -> None:
    @commands.command()
    def show(email: EMAIL) -> None:
        """What is known of an account; nothing that opens it."""

        async def look(desk: Desk) -> "Found":
            return await found_at(desk, email)

        found: Found = at_desk(look)
        for name, value in facts_of(found):
            typer.echo(f"{name:<15} {value}")

    @commands.command("list")
    def list_them(
        text: Annotated[str, typer.Argument(help="Part of an address or a name.")] = "",
        limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    ) -> None:
        """Accounts, newest first."""

        async def look(desk: Desk) -> list["User"]:
            from admit.accounts.people.service import list_people

            return await list_people(desk.db, text, limit=limit)

        for user in at_desk(look):
            state = "active" if user.is_active else "closed"
            typer.echo(f"{user.email}\t{user.role}\t{state}\t{user.created_at:%Y-%m-%d}")


def _add_making(commands: typer.Typer, at_desk: AtDesk) -> None:
    @commands.command()
    def create(
        email: EMAIL,
        first_name: Annotated[str, typer.Option(prompt="First name")],
        last_name: Annotated[str, typer.Option(prompt="Last name")],
        role: Annotated[str, typer.Option(help="member, staff or admin")] = "member",
    ) -> None:
        """Make an account without a password; a mail tells its owner how to come in."""

        async def make(desk: Desk) -> None:
            from admit.accounts.people.service import create_person
            from admit.accounts.setup.service import TERMINAL

            await create_person(
                desk.db,
                desk.letters,
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=role_of(role),
                caller=TERMINAL,
                now=desk.now,
            )

        at_desk(make)
        typer.echo(f"{email} has an account. A mail tells them how to sign in.")

    @commands.command("grant-role")
    def grant_role(
        email: EMAIL, role: Annotated[str, typer.Argument(help="member, staff or admin")]
    ) -> None:
        """Change what somebody may do: more, or less."""

        async def change(desk: Desk) -> bool:
            from admit.accounts.audit.service import Method
            from admit.accounts.people.roles import change_role
            from admit.accounts.setup.service import TERMINAL

            found = await found_at(desk, email)
            return await change_role(
                desk.db,
                found.user,
                role_of(role),
                method=Method.terminal,
                caller=TERMINAL,
                now=desk.now,
            )

        changed = at_desk(change)
        typer.echo(f"{email} is {role} now." if changed else f"{email} is {role} already.")


def _add_closing(commands: typer.Typer, at_desk: AtDesk) -> None:
    @commands.command()
    def deactivate(email: EMAIL) -> None:
        """Close an account at once, everywhere; only an operator opens it again."""

        async def close(desk: Desk) -> bool:
            from admit.accounts.audit.service import Method
            from admit.accounts.leaving.service import deactivate as close_account
            from admit.accounts.setup.service import TERMINAL

            user = (await found_at(desk, email)).user
            if user.is_active:
                await close_account(
                    desk.db,
                    desk.letters,
                    user,
                    caller=TERMINAL,
                    now=desk.now,
                    method=Method.terminal,
                )
                return True
            return False

        closed = at_desk(close)
        typer.echo(f"{email} is closed now." if closed else f"{email} is closed already.")

    @commands.command()
    def reactivate(email: EMAIL) -> None:
        """Open an account that was closed."""

        async def open_again(desk: Desk) -> bool:
            from admit.accounts.audit.service import Method
            from admit.accounts.leaving.service import reactivate as open_account
            from admit.accounts.setup.service import TERMINAL

            user = (await found_at(desk, email)).user
            return await open_account(
                desk.db,
                desk.letters,
                user,
                method=Method.terminal,
                caller=TERMINAL,
                now=desk.now,
            )

        opened = at_desk(open_again)
        typer.echo(
            f"{email} is open again."
            if opened
            else f"{email} cannot be opened: it is not closed, or erased."
        )
        raise typer.Exit(0 if opened else 1)


def _add_rescuing(commands: typer.Typer, at_desk: AtDesk) -> None:
    @commands.command("reset-mfa")
    def reset_mfa(email: EMAIL) -> None:
        """Switch off a lost second factor after 24 hours; its owner is told, and can stop it."""

        async def ask(desk: Desk) -> datetime | None:
            from admit.accounts.mfa.service import ask_for_reset
            from admit.accounts.setup.service import TERMINAL

            user = (await found_at(desk, email)).user
            if not user.has_two_factor:
                return None
            reset = await ask_for_reset(
                desk.db, desk.letters, user, asked_by=None, caller=TERMINAL, now=desk.now
            )
            return reset.due_at

        due_at = at_desk(ask)
        if due_at is None:
            typer.secho(f"{email} has no second factor.", fg="red", err=True)
            raise typer.Exit(1)
        typer.echo(f"The second factor of {email} ends on {due_at:%Y-%m-%d at %H:%M} UTC.")

    @commands.command("reset-password")
    def reset_password(email: EMAIL) -> None:
        """Mail somebody a link to set a new password; nobody else sees it."""

        async def mail(desk: Desk) -> None:
            from admit.accounts.audit.service import Method
            from admit.accounts.password.reset import mail_reset
            from admit.accounts.setup.service import TERMINAL

            user = (await found_at(desk, email)).user
            method, caller = Method.terminal, TERMINAL
            await mail_reset(
                desk.db, desk.letters, user, method=method, caller=caller, now=desk.now
            )

        at_desk(mail)
        typer.echo(f"A mail is on its way to {email}.")

    @commands.command("revoke-sessions")
    def revoke(email: EMAIL) -> None:
        """Sign somebody out everywhere."""

        async def end(desk: Desk) -> int:
            from admit.accounts.audit.service import Method
            from admit.accounts.people.service import revoke_sessions
            from admit.accounts.setup.service import TERMINAL

            found = await found_at(desk, email)
            method, caller = Method.terminal, TERMINAL
            await revoke_sessions(desk.db, found.user, method=method, caller=caller, now=desk.now)
            return len(found.sessions)

        typer.echo(f"{email} is signed out of {at_desk(end)} places.")
