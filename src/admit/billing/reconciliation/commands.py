"""`admit sync`: everything anew from Stripe, from the terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from admit.billing.terminal import WithBilling, answered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from admit.billing.context import Billing
    from admit.billing.reconciliation.models import SyncCursor

COLUMNS = ("", "here before", "at Stripe", "new", "changed", "of nobody here", "here now")


def add_sync(commands: typer.Typer, with_billing: WithBilling) -> None:
    @commands.command("sync")
    def sync_all(
        *,
        anew: Annotated[
            bool, typer.Option("--anew", help="Begin again instead of going on.")
        ] = False,
    ) -> None:
        """Compare everything with Stripe, by its lists. Can be interrupted, and then goes on."""

        async def work(billing: "Billing") -> None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TaskID,
                TextColumn,
            )

            from admit.billing.reconciliation.sync import count_all, sync

            await billing.check_account()
            columns = TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn()
            with Progress(*columns, console=Console(stderr=True)) as progress:
                tasks: dict[str, TaskID] = {}

                def tell(kind: str, cursor: "SyncCursor") -> None:
                    # Stripe does not say how long a list is: what we have is the best guess.
                    total = cursor.seen if cursor.done else max(cursor.before, cursor.seen + 1)
                    if kind not in tasks:
                        tasks[kind] = progress.add_task(kind)
                    progress.update(tasks[kind], total=total, completed=cursor.seen)

                found = await sync(billing, anew=anew, tell=tell)
            _show(found, await count_all(billing))

        answered(with_billing, work)


def _show(found: "Sequence[SyncCursor]", now: "Mapping[str, int]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*COLUMNS)
    for row in found:
        counts = (row.before, row.seen, row.added, row.changed, row.unclaimed, now[row.kind])
        table.add_row(row.kind, *(f"{count:,}" for count in counts))
    Console().print(table)
