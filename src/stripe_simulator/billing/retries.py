"""When a failed renewal is tried again, and what becomes of the subscription after the last try.

docs.stripe.com/billing/revenue-recovery/smart-retries: a schedule of at most eight tries, and then
the subscription is canceled, marked unpaid, or left past due. The default here is 3, 5 and 7 days
after the failure before, then canceled.
"""

import json
from dataclasses import dataclass

from stripe_simulator.shapes import DAY
from stripe_simulator.state.transaction import Transaction

KEY = "retries"
MOST = 8
ENDINGS = ("cancel", "unpaid", "past_due")


@dataclass(frozen=True)
class Policy:
    """`after`: seconds from one failed attempt to the next. `then`: one of `ENDINGS`."""

    after: tuple[int, ...] = (3 * DAY, 5 * DAY, 7 * DAY)
    then: str = "cancel"


def policy(tx: Transaction) -> Policy:
    row = tx.db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    if row is None:
        return Policy()
    kept = json.loads(row[0])
    return Policy(tuple(kept["after"]), kept["then"])


def as_text(chosen: Policy) -> str:
    """What is kept under `KEY`."""
    return json.dumps({"after": chosen.after, "then": chosen.then})
