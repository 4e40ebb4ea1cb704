"""SIGKILL at each durable step from the click to being let in: nothing lost, nothing twice."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.faults.agreement import assert_nothing_is_lost_and_nothing_done_twice
from tests.faults.ground import Ground

BEFORE = ("commit:before", "gateway:before")
AFTER = ("commit:after", "gateway:after")
"""To die after one step and before the next is nearly the same, so each is tried where it differs
most: both on SQLite, when webhooks tell; after each step on PostgreSQL, and on the way back.
"""
SOME_STEPS = (
    *("commit:after:4", "commit:before:8", "commit:after:14", "commit:before:20"),
    *("commit:after:25", "commit:before:31", "commit:after:36"),
    *("gateway:after:3", "gateway:before:5", "gateway:after:6"),
)
SOME_STEPS_OF_HER_RETURN = ("commit:after:12", "commit:before:16", "gateway:after:9")
ENOUGH = 2
"""So many runs without a death: the steps of one run are not exactly those of the next."""


@pytest.mark.parametrize("crash_at", SOME_STEPS)
def test_ada_is_let_in_once_though_the_site_is_killed(ground: Ground, crash_at: str) -> None:
    assert is_told(ground, crash_at) == 1


@pytest.mark.parametrize("crash_at", SOME_STEPS_OF_HER_RETURN)
def test_ada_is_let_in_once_though_the_site_is_killed_as_she_comes_back(
    ground: Ground, crash_at: str
) -> None:
    assert comes_back(ground, crash_at) == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("ground", "point"),
    [
        *(("sqlite", point) for point in (*BEFORE, *AFTER)),
        *(("postgresql", point) for point in AFTER),
    ],
    indirect=["ground"],
)
def test_ada_is_let_in_once_wherever_the_site_is_killed(ground: Ground, point: str) -> None:
    kill_at_every_step(ground, point, is_told)


@pytest.mark.long
@pytest.mark.parametrize("point", AFTER)
def test_ada_is_let_in_once_wherever_the_site_is_killed_as_she_comes_back(
    ground: Ground, point: str
) -> None:
    kill_at_every_step(ground, point, comes_back)


def kill_at_every_step(ground: Ground, point: str, story: Callable[[Ground, str], int]) -> None:
    lived = 0
    for number in count(1):
        lived += story(ground, f"{point}:{number}") == 0
        if lived == ENOUGH:
            return


def is_told(ground: Ground, crash_at: str) -> int:
    """The site hears of the payment by webhooks alone; how often it died."""
    with ground.begin_again(crash_at=crash_at):
        ground.pays(ground.opens_the_payment_page())
        ground.waits()
        assert_nothing_is_lost_and_nothing_done_twice(ground)
    return ground.site.deaths


def comes_back(ground: Ground, crash_at: str) -> int:
    """She is back before any webhook is; they arrive later. How often it died."""
    with ground.begin_again(crash_at=crash_at), ground.no_webhooks():
        ground.comes_back(ground.pays(ground.opens_the_payment_page()))
        ground.resume_webhooks()
        ground.waits()
        assert_nothing_is_lost_and_nothing_done_twice(ground)
    return ground.site.deaths
