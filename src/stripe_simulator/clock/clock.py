"""The simulator's clock."""

from dataclasses import dataclass, replace

from stripe_simulator.clock.wall import wall_time


@dataclass(frozen=True)
class Clock:
    """Running: `now` is wall time plus `offset`. Frozen: `now` is `frozen_at`."""

    offset: float = 0.0
    frozen_at: int | None = None

    def now(self) -> int:
        if self.frozen_at is not None:
            return self.frozen_at
        return int(wall_time() + self.offset)

    def set_to(self, moment: int) -> "Clock":
        """Only for a store that knows nothing yet: time may go back."""
        if self.frozen_at is not None:
            return replace(self, frozen_at=moment)
        return replace(self, offset=moment - wall_time())

    def moved_to(self, moment: int) -> "Clock":
        """Time never goes back: an earlier moment changes nothing."""
        ahead = max(moment - self.now(), 0)
        if self.frozen_at is not None:
            return replace(self, frozen_at=self.frozen_at + ahead)
        return replace(self, offset=self.offset + ahead)
