import pytest

from stripe_simulator.clock.periods import add_months, period_end
from tests.stripe_simulator.shop import seconds


@pytest.mark.parametrize(
    ("anchor", "start", "interval", "count", "end"),
    [
        ("2026-01-31 10:00", "2026-01-31 10:00", "month", 1, "2026-02-28 10:00"),
        ("2026-01-31 10:00", "2026-02-28 10:00", "month", 1, "2026-03-31 10:00"),
        ("2026-01-31 10:00", "2026-03-31 10:00", "month", 1, "2026-04-30 10:00"),
        ("2028-01-31 00:00", "2028-01-31 00:00", "month", 1, "2028-02-29 00:00"),
        ("2026-01-30 00:00", "2026-02-28 00:00", "month", 1, "2026-03-30 00:00"),
        ("2026-11-30 00:00", "2026-11-30 00:00", "month", 3, "2027-02-28 00:00"),
        ("2026-11-30 00:00", "2027-02-28 00:00", "month", 3, "2027-05-30 00:00"),
        ("2028-02-29 12:00", "2028-02-29 12:00", "year", 1, "2029-02-28 12:00"),
        ("2028-02-29 12:00", "2031-02-28 12:00", "year", 1, "2032-02-29 12:00"),
        ("2026-12-15 08:30", "2026-12-15 08:30", "month", 1, "2027-01-15 08:30"),
        ("2026-03-01 00:00", "2026-03-01 00:00", "week", 2, "2026-03-15 00:00"),
        ("2026-03-01 00:00", "2026-03-15 00:00", "day", 7, "2026-03-22 00:00"),
        ("2026-02-14 10:00", "2026-02-20 10:00", "month", 1, "2026-03-14 10:00"),
    ],
)
def test_a_period_ends_where_its_anchor_says(
    anchor: str, start: str, interval: str, count: int, end: str
) -> None:
    found = period_end(anchor=seconds(anchor), start=seconds(start), interval=interval, count=count)

    assert found == seconds(end)


def test_months_are_added_over_the_turn_of_years() -> None:
    assert add_months(seconds("2025-10-31 00:00"), 4) == seconds("2026-02-28 00:00")
    assert add_months(seconds("2025-10-31 00:00"), 12) == seconds("2026-10-31 00:00")
