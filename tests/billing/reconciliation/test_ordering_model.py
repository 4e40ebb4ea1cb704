"""Every interleaving of up to three events converges, from the first change to the last quiet.

The numbers are of complete interleavings: they show what was tried, and that nothing fell out of
the enumeration unseen. How many sweeps run besides the one that heals losses, and how many
reactions run twice, each story says. That this test can fail: see test_ordering_controls.
"""

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from admit.billing.reconciliation.ordering import Seen
from tests.billing.reconciliation.ordering_model import Walk
from tests.billing.reconciliation.ordering_story import Story

LAST_STATES: dict[str, tuple[Seen, ...]] = {
    "lives": (),
    "ends": (Seen.ended,),
    "is deleted": (Seen.deleted,),
    "ends and changes again": (Seen.ended, Seen.ended),
}
GAPS = {
    "same second": 0,
    "within the margin": 4,
    "within the lag": 10,
    "past the lag": 70,
    "past a second look": 125,
}


def story(
    *gaps: str,
    then: str = "lives",
    made: bool = False,
    lag: int = 60,
    skews: tuple[int, ...] = (0,),
    sweeps: int = 0,
    doubles: int = 0,
) -> Story:
    seconds = [0]
    for gap in gaps:
        seconds.append(seconds[-1] + GAPS[gap])
    return Story(
        seconds=tuple(seconds),
        last_states=LAST_STATES[then],
        created_here=made,
        lag=lag,
        skews=skews,
        sweeps=sweeps,
        doubles=doubles,
    )


def one_change() -> Iterator[Story]:
    for then, made in product(("lives", "ends"), (False, True)):
        yield story(then=then, made=made, sweeps=2)
        yield story(then=then, made=made, sweeps=1, doubles=1)


def two_changes() -> Iterator[Story]:
    for gap in GAPS:
        yield story(gap, sweeps=1)
    for then in LAST_STATES:
        yield story("same second", then=then, made=True, sweeps=1)
        yield story("within the lag", then=then)


def three_changes() -> Iterator[Story]:
    yield story("same second", "same second")
    yield story("same second", "within the lag", made=True)
    yield story("within the lag", "same second", then="ends")
    yield story("within the lag", "past a second look")


def clocks_apart() -> Iterator[Story]:
    """`Date` and `created` come from machines of Stripe that disagree by up to five seconds."""
    for gap in ("same second", "within the margin", "within the lag"):
        yield story(gap, skews=(-5, 5))


def no_lag() -> Iterator[Story]:
    """Then no second look is an excuse: what is handled is seen in the mirror at once."""
    yield story("same second", lag=0, sweeps=1)
    yield story("within the lag", lag=0, sweeps=1)
    yield story("same second", "within the lag", lag=0)


def three_changes_of_an_object_that_lives() -> Iterator[Story]:
    for gaps in product(GAPS, GAPS):
        yield story(*gaps)


def three_changes_from_birth_or_to_an_end() -> Iterator[Story]:
    some = ("same second", "within the lag")
    for gaps in product(some, some):
        yield story(*gaps, made=True)
        yield story(*gaps, then="ends")
        yield story(*gaps, then="is deleted", made=True)
        yield story(*gaps, then="ends and changes again")


def three_changes_and_a_sweep() -> Iterator[Story]:
    yield story("same second", "within the lag", sweeps=1)


def three_changes_and_a_double_reaction() -> Iterator[Story]:
    yield story("within the lag", "within the lag", doubles=1)


def interleavings(stories: Iterator[Story]) -> int:
    return sum(Walk(story=one).interleavings() for one in stories)


@pytest.mark.parametrize(
    ("stories", "count"),
    [
        (one_change, 205_696),
        (two_changes, 22_669_614),
        (three_changes, 75_156_236),
        (clocks_apart, 127_038),
        (no_lag, 2_614_469),
    ],
)
def test_every_interleaving_converges(stories: Callable[[], Iterator[Story]], count: int) -> None:
    assert interleavings(stories()) == count


@pytest.mark.long
@pytest.mark.parametrize(
    ("stories", "count"),
    [
        (three_changes_of_an_object_that_lives, 170_381_988),
        (three_changes_from_birth_or_to_an_end, 350_687_625),
        (three_changes_and_a_sweep, 10_995_015_611),
        (three_changes_and_a_double_reaction, 10_233_432_130),
    ],
)
def test_every_interleaving_of_longer_stories_converges(
    stories: Callable[[], Iterator[Story]], count: int
) -> None:
    assert interleavings(stories()) == count
