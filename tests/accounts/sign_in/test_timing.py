"""How long a refusal takes tells nothing about who has an account (SECURITY S11)."""

import math
import time
from statistics import median

import pytest

from tests.accounts.house import House

TRIES = 200
WRONG = "not the right bridge"


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s11_known_and_unknown_addresses_are_refused_in_the_same_time(house: House) -> None:
    """S11: medians within a tenth, and Mann and Whitney's test sees no difference."""
    await house.person()
    known, unknown = list[float](), list[float]()

    for number in range(TRIES):
        await house.execute("DELETE FROM limit_windows")
        await house.execute("UPDATE users SET password_failures = 0")
        known.append(await seconds(house, "ada@example.com"))
        unknown.append(await seconds(house, f"nobody-{number}@example.com"))

    assert abs(median(known) / median(unknown) - 1) < 0.1
    assert mann_whitney(known, unknown) > 0.01


async def seconds(house: House, email: str) -> float:
    browser = house.browser()
    start = time.perf_counter()
    answer = await browser.sign_in(email, WRONG)
    took = time.perf_counter() - start
    assert answer.status_code == 422
    return took


def mann_whitney(one: list[float], other: list[float]) -> float:
    """The two-sided p of the normal approximation, which is close enough from twenty on."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
