"""Everything that time brings, by name; and the passing of time itself."""

from collections.abc import Callable, Mapping

from stripe_simulator.billing import (
    collection,
    cycles,
    discounts,
    disputes,
    pausing,
    pending_updates,
    refunds,
    renewals,
    schedules,
    test_clocks,
    upcoming,
)
from stripe_simulator.checkout import expiry
from stripe_simulator.clock.wall import monotonic
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

AT_ONCE = 25


def clock_advances(tx: Transaction, id_: str) -> None:
    test_clocks.arrive(tx, id_, TIMERS)


def clock_is_over(tx: Transaction, id_: str) -> None:
    test_clocks.delete(tx, tx.need(test_clocks.KIND, id_))


TIMERS: Mapping[str, Callable[[Transaction, str], None]] = {
    "checkout.expire": expiry.expires,
    "clock.advance": clock_advances,
    "clock.delete": clock_is_over,
    "discount.end": discounts.ends,
    "dispute.lost": disputes.times_out,
    "invoice.finalize": renewals.finalizes,
    "invoice.overdue": collection.overdue,
    "invoice.retry": renewals.retries,
    "refund.fail": refunds.fails,
    "schedule.advance": schedules.advances,
    "schedule.expiring": schedules.expiring,
    "subscription.cancel_at": cycles.cancel_at,
    "subscription.drop_update": pending_updates.drop,
    "subscription.expire": renewals.expires,
    "subscription.period_end": cycles.period_ends,
    "subscription.resume_collection": pausing.collection_resumes,
    "subscription.trial_will_end": renewals.trial_will_end,
    "subscription.upcoming": upcoming.tell,
}


def run_due(store: Store, *, until: int, seconds: float | None = None) -> bool:
    """Does what is due, in order, each at its own second; True when nothing is left.

    `seconds` limits how long it may take (wall time), so that others get their turn. Many are kept
    with one commit; when one of them fails, each is done for itself, up to the one that fails.
    """
    started = monotonic()
    while (timer := store.next_timer()) is not None and timer[2] <= until:
        if seconds is not None and monotonic() - started > seconds:
            return False
        try:
            several(store, until)
        except Exception:  # noqa: BLE001 -- it is met again, alone
            run(store, *timer)
    return True


def several(store: Store, until: int) -> None:
    with store.together() as together:
        for _ in range(AT_ONCE):
            timer = store.next_timer()
            if timer is None or timer[2] > until:
                return
            what, id_, at = timer
            do(together.at(at), what, id_)


def run(store: Store, what: str, id_: str, at: int) -> None:
    with store.writing(now=at) as tx:
        store.move_clock(at)
        do(tx, what, id_)


def do(tx: Transaction, what: str, id_: str) -> None:
    tx.unschedule(what, id_)
    TIMERS[what](tx, id_)
