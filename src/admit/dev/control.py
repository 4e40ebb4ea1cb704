"""The simulator's control calls: no part of Stripe's API, at an address of their own.

`STRIPE_SIMULATOR_URL` names it; nothing of its package is imported, they meet over HTTP only.
"""

from typing import Any

import httpx2

from admit.core.config import Settings
from admit.dev.errors import SimulatorUnavailable, TimeStands

PATIENCE_SECONDS = 5.0
FAILS = "generic_decline"


async def tell(
    settings: Settings,
    call: str,
    body: dict[str, Any],
    *,
    patience: float = PATIENCE_SECONDS,
) -> dict[str, Any]:
    """Raises `SimulatorUnavailable`, or `TimeStands` with the sentence of its refusal."""
    url = f"{settings.simulator_url}/_control/{call}"
    try:
        async with httpx2.AsyncClient(timeout=patience) as client:
            answer = await client.post(url, json=body)
    except httpx2.TransportError as error:
        raise SimulatorUnavailable from error
    if answer.status_code == 400:
        raise TimeStands(str(answer.json()["error"]["message"]))
    if answer.status_code != 200:
        raise SimulatorUnavailable
    said: dict[str, Any] = answer.json()
    return said


async def speed_of(settings: Settings) -> int | None:
    """How many simulated seconds pass in one; None when nobody answers."""
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            answer = await client.get(f"{settings.simulator_url}/_control/clock")
            return int(answer.raise_for_status().json()["speed"])
    except (httpx2.HTTPError, LookupError, ValueError):
        return None


async def run_at(settings: Settings, *, times: int) -> None:
    await tell(settings, "clock/speed", {"times": times})


async def let_charges_fail(settings: Settings, *, customer: str, times: int) -> None:
    """The customer's next charges, whatever card is on file."""
    await tell(settings, "cards/next", {"customer": customer, "outcome": FAILS, "times": times})
