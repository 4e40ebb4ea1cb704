"""The simulator's control calls: no part of Stripe's API, at an address of their own.

`STRIPE_SIMULATOR_URL` names it; nothing of its package is imported, they meet over HTTP only.
"""

import ssl
from functools import cache
from typing import Any

import httpx2

from admit.core.config import Settings
from admit.dev.errors import Refused, SimulatorUnavailable

PATIENCE_SECONDS = 5.0
FAILS = "generic_decline"


@cache
def _trust() -> ssl.SSLContext:
    """Once: making one takes longer than any of these calls."""
    return ssl.create_default_context()


def http_to_simulator(patience: float = PATIENCE_SECONDS) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=patience, verify=_trust(), trust_env=False)


async def tell(
    settings: Settings,
    call: str,
    body: dict[str, Any],
    *,
    patience: float = PATIENCE_SECONDS,
) -> dict[str, Any]:
    """Raises `SimulatorUnavailable`, or `Refused` with the sentence of its refusal."""
    url = f"{settings.simulator_url}/_control/{call}"
    try:
        async with http_to_simulator(patience) as client:
            answer = await client.post(url, json=body)
    except httpx2.TransportError as error:
        raise SimulatorUnavailable from error
    said = _read(answer)
    if answer.status_code in (400, 404) and "error" in said:
        raise Refused(str(said["error"]["message"]))
    if answer.status_code != 200:
        raise SimulatorUnavailable
    return said


def _read(answer: httpx2.Response) -> dict[str, Any]:
    """Nothing when it is no object: then it was no simulator that answered."""
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


async def speed_of(settings: Settings) -> int | None:
    """How many simulated seconds pass in one; None when nobody answers."""
    try:
        async with http_to_simulator() as client:
            answer = await client.get(f"{settings.simulator_url}/_control/clock")
            return int(answer.raise_for_status().json()["speed"])
    except (httpx2.HTTPError, LookupError, ValueError):
        return None


async def run_at(settings: Settings, *, times: int) -> None:
    await tell(settings, "clock/speed", {"times": times})


async def let_charges_fail(settings: Settings, *, customer: str, times: int) -> None:
    """The customer's next charges, whatever card is on file."""
    await tell(settings, "cards/next", {"customer": customer, "outcome": FAILS, "times": times})
