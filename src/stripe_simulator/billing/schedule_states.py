"""How a schedule ends: it lets its subscription go, or ends with it."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

OVER = ("canceled", "completed", "released")


def forget_timers(tx: Transaction, schedule: Json) -> None:
    for what in ("schedule.advance", "schedule.expiring"):
        tx.unschedule(what, schedule["id"])


def planned_end(schedule: Json) -> int | None:
    """When the schedule ends its subscription, which shows it as `cancel_at`."""
    if schedule["end_behavior"] != "cancel":
        return None
    end: int = schedule["phases"][-1]["end_date"]
    return end


def release(tx: Transaction, schedule: Json, *, keeps_end: bool = False) -> None:
    """The subscription goes on as it is; to the end that the schedule had set, or without one."""
    forget_timers(tx, schedule)
    subscription = tx.get(schedule["subscription"] or "", "subscription")
    schedule |= {
        "status": "released",
        "released_at": tx.now,
        "released_subscription": schedule["subscription"],
        "subscription": None,
        "current_phase": None,
    }
    tx.save(schedule)
    tx.emit("subscription_schedule.released", schedule)
    if subscription:
        subscription["schedule"] = None
        if schedule["end_behavior"] == "cancel":
            set_end(tx, subscription, subscription["cancel_at"] if keeps_end else None)
        tx.save(subscription, "customer.subscription.updated")


def set_end(tx: Transaction, subscription: Json, moment: int | None) -> None:
    subscription["cancel_at"] = moment
    if moment:
        tx.schedule("subscription.cancel_at", subscription["id"], moment)


def finish(tx: Transaction, schedule: Json, *, status: str, event: str) -> None:
    """`status`: canceled or completed; what becomes of the subscription is up to the caller."""
    forget_timers(tx, schedule)
    schedule["status"] = status
    schedule["canceled_at" if status == "canceled" else "completed_at"] = tx.now
    schedule["current_phase"] = None
    tx.save(schedule)
    tx.emit(f"subscription_schedule.{event}", schedule)


def aborted(tx: Transaction, subscription: Json) -> None:
    """The subscription was ended by other means than its schedule."""
    schedule = tx.get(subscription["schedule"] or "", "subscription_schedule")
    if schedule and schedule["status"] not in OVER:
        finish(tx, schedule, status="canceled", event="aborted")
