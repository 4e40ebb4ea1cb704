"""`admit doctor`: what is wrong, and how to mend it."""

from admit.billing.connection.checkup import examine_stripe
from admit.core.config import Settings
from admit.core.db import Database
from admit.core.events.repository import dead_letters
from admit.core.finding import Finding
from admit.core.http.health import readiness
from admit.core.http.templates import STATIC_ROOT
from admit.wiring import wire

DEAD_SHOWN = 3


async def examine(settings: Settings) -> list[Finding]:
    wiring = wire(settings)
    try:
        findings = [_of_settings(settings), _of_assets()]
        checks = await readiness(wiring.parts)
        findings += [_of_check(name, answer) for name, answer in checks.items()]
        if checks.get("migrations") == "ok":
            findings.append(await _of_dead_letters(wiring.parts.database))
            findings += await examine_stripe(wiring.billing)
    finally:
        wiring.billing.gateway.close()
        await wiring.parts.database.close()
    return findings


def _of_settings(settings: Settings) -> Finding:
    money = "the simulator, no real money" if settings.uses_simulator else settings.stripe_base
    return Finding(f"settings: {settings.admit_env}, payments through {money}")


def _of_assets() -> Finding:
    if (STATIC_ROOT / "manifest.json").is_file():
        return Finding("styles and scripts: built")
    return Finding("styles and scripts: missing", well=False, mend="Run `make setup`.")


def _of_check(name: str, answer: str) -> Finding:
    mends = {
        "database": "Check DATABASE_URL and that the server runs and lets this user in.",
        "migrations": "Run `admit migrate`.",
        "jobs": "Is a worker running? `admit worker`, or WORKER_IN_PROCESS=true.",
    }
    well = answer == "ok"
    return Finding(f"{name}: {answer}", well=well, mend="" if well else mends[name])


async def _of_dead_letters(database: Database) -> Finding:
    async with database.read() as db:
        dead = await dead_letters(db, limit=DEAD_SHOWN)
    if not dead:
        return Finding("reactions: none gave up")
    shown = "; ".join(f"{reaction.name} on {event.id}" for reaction, event in dead)
    mend = "`admit events dead` shows why; `admit events replay` tries again."
    return Finding(f"reactions: gave up: {shown}", well=False, mend=mend)
