"""`admit access …`: what an operator sees and does with the access of others, in the terminal."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admit.accounts.people.terminal import WithParts, in_sentences

if TYPE_CHECKING:
    from admit.access.explaining.chain import Explainer
    from admit.access.explaining.service import Explanation, Stretch
    from admit.accounts.models import User
    from admit.core.http.state import Parts

Explainers = Callable[[], Mapping[str, "Explainer"]]
EMAIL = Annotated[str, typer.Argument(help="The address of the account.", metavar="EMAIL")]
FEATURE = Annotated[str, typer.Argument(help="The key of the feature.", metavar="FEATURE")]
REASON = Annotated[str, typer.Option("--reason", help="Why; the person can read it.")]
AS_OF = Annotated[str, typer.Option("--as-of", help="A moment that is past: 2026-03-01T12:00.")]
MOMENT = "%Y-%m-%d %H:%M UTC"


def access_commands(with_parts: WithParts, explainers: Explainers) -> typer.Typer:
    """`with_parts` runs a coroutine with the parts of a process of its own."""
    commands = typer.Typer(help="Who may use what, and why.", no_args_is_help=True)

    def with_business_time(work: Callable[["Parts"], Awaitable[Any]]) -> Any:
        async def inside(parts: "Parts") -> Any:
            from admit.core.business_time import follow_business_time

            await follow_business_time(parts.database, parts.clock)
            return await work(parts)

        return in_sentences(lambda: with_parts(inside))

    _add_looking(commands, with_business_time, explainers)
    _add_changing(commands, with_business_time)
    return commands


WithBusinessTime = Callable[[Callable[["Parts"], Awaitable[Any]]], Any]


def _add_looking(
    commands: typer.Typer, with_parts: WithBusinessTime, explainers: Explainers
) -> None:
    def explained(email: str, as_of: str) -> list["Explanation"]:
        async def look(parts: "Parts") -> list["Explanation"]:
            from admit.access.explaining.chain import Telling, wording_of
            from admit.access.explaining.moment import moment_of
            from admit.access.explaining.service import explain_all

            telling = Telling(explainers(), wording_of(parts.templates))
            async with parts.database.read() as db:
                user = await _person(parts, db, email)
                at = moment_of(as_of, now=parts.clock.business())
                return await explain_all(db, telling, user.id, at=at)

        found: list[Explanation] = with_parts(look)
        return found

    @commands.command()
    def show(email: EMAIL, as_of: AS_OF = "") -> None:
        """Every feature, and whether it is open to somebody."""
        for explanation in explained(email, as_of):
            typer.echo(f"{explanation.feature.key:<24} {_answer(explanation)}")

    @commands.command()
    def why(email: EMAIL, feature: FEATURE, as_of: AS_OF = "") -> None:
        """What an answer rests on, and every grant that there has been."""
        found = [each for each in explained(email, as_of) if each.feature.key == feature]
        if not found:
            typer.secho(f"There is no feature {feature}.", fg="red", err=True)
            raise typer.Exit(1)
        _tell(found[0])


def _add_changing(commands: typer.Typer, with_parts: WithBusinessTime) -> None:
    @commands.command()
    def grant(
        email: EMAIL,
        feature: FEATURE,
        *,
        reason: REASON,
        last_day: Annotated[str, typer.Option(help="2026-12-31; without it there is no end.")] = "",
        limit: Annotated[str, typer.Option(help="How much of it; without it no limit.")] = "",
    ) -> None:
        """Open a feature to somebody by hand."""

        async def make(parts: "Parts") -> str:
            from admit.access.granting.forms import GrantForm
            from admit.access.granting.service import grant_by_hand

            form = GrantForm(feature=feature, last_day=last_day, limit=limit, reason=reason)
            now = parts.clock.business()
            wish = form.checked(now=now)
            async with parts.database.write() as db:
                user = await _person(parts, db, email)
                return await grant_by_hand(db, user, wish, by=None, now=now)

        typer.echo(f"{feature} is open to {email} now, by the grant {with_parts(make)}.")

    @commands.command()
    def revoke(
        grant_id: Annotated[str, typer.Argument(help="As `why` shows it.", metavar="GRANT")],
        *,
        reason: REASON,
    ) -> None:
        """Take back what was opened by hand."""

        async def close(parts: "Parts") -> None:
            from admit.access.granting.forms import RevokeForm
            from admit.access.service import revoke as take_back

            checked = RevokeForm(reason=reason).checked()
            async with parts.database.write() as db:
                now = parts.clock.business()
                await take_back(db, grant_id=grant_id, reason=checked, now=now)

        with_parts(close)
        typer.echo(f"The grant {grant_id} is taken back.")


async def _person(parts: "Parts", db: Any, email: str) -> "User":
    from admit.access.granting.service import person_at

    return await person_at(db, email, now=parts.clock.wall())


def _answer(explanation: "Explanation") -> str:
    from admit.access.explaining.words import in_a_word

    decided = explanation.decision
    words = [in_a_word(decided).lower()]
    if decided.until is not None:
        words.append(f"until {decided.until:{MOMENT}}")
    if decided.allowed and decided.limit is not None:
        words.append(f"up to {decided.limit}")
    return ", ".join(words)


def _tell(explanation: "Explanation") -> None:
    name, at = explanation.feature.name, explanation.at
    typer.echo(f"{name}: {_answer(explanation)} (at {at:{MOMENT}})")
    for link in explanation.rests_on:
        typer.echo(f"  {link.words}" + (f" [{link.ref}]" if link.ref else ""))
    if explanation.stretches:
        typer.echo("Its history:")
    _tell_history(explanation.stretches)


def _tell_history(stretches: Sequence["Stretch"]) -> None:
    from admit.access.explaining.words import SOURCES, ended_because, reason_in_words

    for stretch in stretches:
        limit = "" if stretch.limit is None else f", up to {stretch.limit}"
        because = stretch.ended_because
        ended = f"; ended: {ended_because(because)}" if because else ""
        source = f"{SOURCES[stretch.source]} [{stretch.source_id}]"
        times = f"{stretch.starts_at:{MOMENT}} - {_or_no_end(stretch.ends_at)}"
        typer.echo(f"  {times}{limit}  {source}: {reason_in_words(stretch.reason)}{ended}")


def _or_no_end(moment: datetime | None) -> str:
    return "no end" if moment is None else f"{moment:{MOMENT}}"
