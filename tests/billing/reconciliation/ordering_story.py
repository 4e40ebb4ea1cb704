"""What truly happens at Stripe to one object, and all that a lagging Stripe may answer."""

from dataclasses import dataclass
from functools import cache, cached_property

from admit.billing.reconciliation.ordering import CLOCK_MARGIN, REPLICA_LAG, Payload, Seen

PINNED = "2026-10-28.endive"
PAUSE = CLOCK_MARGIN + 1
QUIET = REPLICA_LAG + 2 * CLOCK_MARGIN + 1


@dataclass(frozen=True, kw_only=True)
class Story:
    """The seconds of the object's changes; change n leads to state n and sends event n.

    State 0 came long before. `created_here`: it is the absence of the object, which change 1
    makes; otherwise it has long been mirrored. `last_states`: what Stripe shows after the last
    changes, where that is not plainly `present`. `skews`: by how much a `Date` header may be off.
    `sweeps`: how many run before the quiet. `doubles`: how many reactions run twice.
    """

    seconds: tuple[int, ...]
    last_states: tuple[Seen, ...] = ()
    created_here: bool = False
    lag: int = REPLICA_LAG
    skews: tuple[int, ...] = (0,)
    sweeps: int = 1
    doubles: int = 0

    @property
    def truth(self) -> int:
        return len(self.seconds)

    @cached_property
    def kinds(self) -> tuple[Seen, ...]:
        """What each state is; the one before the object was made answers 404, as a deleted one."""
        plain = len(self.seconds) - len(self.last_states)
        first = Seen.not_yet if self.created_here else Seen.present
        return (first, *[Seen.present] * plain, *self.last_states)

    @cached_property
    def moments(self) -> tuple[tuple[int, int], ...]:
        """(second, changes so far): before the first change, at each one, and in the quiet after.

        In the quiet no replica lags any more: nothing that begins there depends on the second.
        """
        changes = [(second, n + 1) for n, second in enumerate(self.seconds)]
        return ((self.seconds[0] - PAUSE, 0), *changes, (self.seconds[-1] + QUIET, self.truth))

    @cached_property
    def quiet(self) -> int:
        return len(self.moments) - 1

    @cache  # noqa: B019 - a story lives as long as the test run
    def moment_at(self, second: int) -> int:
        """The first moment not before this second; the quiet where there is none."""
        later = [n for n, (start, _) in enumerate(self.moments) if start >= second]
        return min(later, default=self.quiet)

    def created(self, event: int) -> int:
        return self.seconds[event - 1]

    def is_over(self, state: int) -> bool:
        return self.kinds[state] in {Seen.ended, Seen.deleted}

    @cache  # noqa: B019 - a story lives as long as the test run
    def payload(self, event: int) -> Payload:
        return Payload(
            created=self.created(event),
            api_version=PINNED,
            on_test_clock=False,
            complete=True,
            ended=self.is_over(event),
        )

    @cache  # noqa: B019 - a story lives as long as the test run
    def answers(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Every (`Date`, state) with which Stripe may answer from one moment to another.

        A replica may lag, measured by the `Date` that it sends; without lag it tells the truth.
        """
        found = set()
        for second, truth in self.moments[first : last + 1]:
            for date in (second + skew for skew in self.skews):
                visible = sum(change <= date - self.lag for change in self.seconds)
                oldest = min(visible, truth) if self.lag else truth
                found |= {(date, state) for state in range(oldest, truth + 1)}
        return tuple(sorted(found))
