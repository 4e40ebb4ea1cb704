"""`admit doctor`: what is wrong, and how to mend it."""

from dataclasses import dataclass

from admit.billing.context import Billing
from admit.billing.gateway import GatewayRefused, GatewayUnavailable
from admit.core.clock import to_seconds
from admit.core.config import Settings
from admit.core.http.health import readiness
from admit.core.http.templates import STATIC_ROOT
from admit.wiring import wire

MAX_SKEW_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    what: str
    well: bool = True
    mend: str = ""


async def examine(settings: Settings) -> list[Finding]:
    wiring = wire(settings)
    try:
        findings = [_of_settings(settings), _of_assets()]
        checks = await readiness(wiring.parts)
        findings += [_of_check(name, answer) for name, answer in checks.items()]
        findings.append(await _of_stripe(wiring.billing))
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


async def _of_stripe(billing: Billing) -> Finding:
    try:
        answer = await billing.gateway.look("/v1/account")
    except GatewayUnavailable:
        where = billing.settings.stripe_base
        mend = "Start it with `admit run`." if billing.settings.uses_simulator else "Try later."
        return Finding(f"Stripe: no answer from {where}", well=False, mend=mend)
    except GatewayRefused as refusal:
        mend = "Check STRIPE_SECRET_KEY: Stripe refuses it."
        return Finding(f"Stripe: {refusal.reason}", well=False, mend=mend)
    skew = abs(answer.second - to_seconds(billing.clock.wall()))
    if not billing.settings.uses_simulator and skew > MAX_SKEW_SECONDS:
        mend = "Set this machine's clock (NTP): webhooks more than 300 s off are refused."
        return Finding(f"Stripe: clocks differ by {skew} s", well=False, mend=mend)
    return Finding(f"Stripe: account {answer.body['id']} ({billing.mode}) answers")
