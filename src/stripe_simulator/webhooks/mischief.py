"""What goes wrong between a sender and a receiver, on request.

Stripe promises neither order nor a single delivery (docs.stripe.com/webhooks); what is lost here is
lost for good, as when an endpoint was down for longer than three days.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stripe_simulator.webhooks.ledger import Delivery


@dataclass
class Mischief:
    """`delay`: seconds before a first attempt. `drop`, `wrong_signature`: how many more of them."""

    shuffle: bool = False
    double: bool = False
    delay: float = 0.0
    drop: int = 0
    wrong_signature: int = 0
    delayed: set[int] = field(default_factory=set)

    def order(self, due: Sequence[Delivery]) -> list[Delivery]:
        """Shuffled, the same way each time for the same deliveries."""
        return sorted(due, key=lambda one: shuffled(one.seq)) if self.shuffle else list(due)

    def holds_back(self, delivery: int, *, attempts: int) -> bool:
        """Whether this one waits first; each waits once."""
        if not self.delay or attempts or delivery in self.delayed:
            return False
        self.delayed.add(delivery)
        return True

    def loses_one(self) -> bool:
        if self.drop <= 0:
            return False
        self.drop -= 1
        return True

    def signs_wrongly(self) -> bool:
        if self.wrong_signature <= 0:
            return False
        self.wrong_signature -= 1
        return True

    def shown(self) -> dict[str, Any]:
        names = ("shuffle", "double", "delay", "drop", "wrong_signature")
        return {name: getattr(self, name) for name in names}


def shuffled(seq: int) -> bytes:
    return hashlib.blake2b(str(seq).encode(), digest_size=8).digest()
