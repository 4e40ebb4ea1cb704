"""No more calls a second than Stripe takes, and none that waits without need."""

from dataclasses import dataclass

from admit.billing.gateway.pace import Pace


@dataclass
class Hand:
    """A clock that is moved by hand."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_second_brings_so_many_calls_and_those_who_wait_are_served_in_turn() -> None:
    clock = Hand()
    pace = Pace(25, monotonic=clock)

    at_once = [pace.reserve() for _ in range(25)]
    waiting = [pace.reserve() for _ in range(25)]

    assert at_once == [0.0] * 25
    assert waiting == [n / 25 for n in range(1, 26)]


def test_what_is_not_used_is_kept_for_a_second_at_most() -> None:
    clock = Hand()
    pace = Pace(8, monotonic=clock)
    clock.now += 3600

    waits = [pace.reserve() for _ in range(9)]
    clock.now += 0.125

    assert waits == [*[0.0] * 8, 0.125]
    assert pace.reserve() == 0.125


def test_without_a_limit_nobody_waits() -> None:
    pace = Pace(None)

    assert {pace.reserve() for _ in range(10_000)} == {0.0}
