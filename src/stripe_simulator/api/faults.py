"""Trouble on demand: what a call meets before, or after, it is done."""

from dataclasses import dataclass

MODES = ("api_500", "rate_limit", "slow", "hang", "refuse", "forbid")


@dataclass
class Fault:
    """`mode` for the next `count` calls (None: until cleared), on paths that begin with `path`.

    `api_500` answers 500, `rate_limit` 429, `slow` waits `seconds` and then does the call, `hang`
    never answers within `seconds`, `refuse` breaks the connection, `forbid` answers 403 as to a
    restricted key. With `after` the call is done first, and only its answer is lost.
    """

    mode: str
    count: int | None = None
    seconds: float = 0.0
    path: str = "/v1/"
    after: bool = False


class Faults:
    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.active.append(fault)

    def clear(self) -> None:
        self.active = []

    def next_for(self, path: str) -> Fault | None:
        """The oldest fault for this path, counted down."""
        for fault in self.active:
            if path.startswith(fault.path):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self.active.remove(fault)
                return fault
        return None
