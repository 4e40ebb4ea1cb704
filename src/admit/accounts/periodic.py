"""What this slice does by the clock."""

from collections.abc import Sequence
from datetime import timedelta

from admit.accounts.leaving.erasure import erase_due
from admit.accounts.leaving.holding import Holding
from admit.accounts.letters import Letters
from admit.accounts.mfa.service import carry_out_resets
from admit.core.events.worker import Periodic
from admit.core.http.state import Parts


def periodic_work(parts: Parts, holdings: Sequence[Holding]) -> tuple[Periodic, ...]:
    """`holdings` are those of every slice."""
    letters = Letters.of(parts.settings, parts.templates, parts.vault)

    async def reset_second_factors() -> None:
        async with parts.database.write() as db:
            await carry_out_resets(db, letters, now=parts.clock.wall())

    async def erase() -> None:
        await erase_due(parts.database, letters, holdings, now=parts.clock.wall())

    return (
        Periodic(
            "every ten minutes: switch off second factors that were lost",
            timedelta(minutes=10),
            reset_second_factors,
        ),
        Periodic(
            "every hour: erase those whose time to come back is over", timedelta(hours=1), erase
        ),
    )
