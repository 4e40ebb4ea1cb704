"""What of a session is due today, and when the rest begins."""

from stripe_simulator.shapes import DAY, Json


def trial_end(session: Json, now: int) -> int | None:
    """When the trial ends if it begins now."""
    data = session["_subscription_data"]
    days: int | None = data.get("trial_period_days")
    fixed: int | None = data.get("trial_end")
    return now + days * DAY if days else fixed


def due_today(entry: Json, *, free: bool) -> int:
    """Before any discount. Minor units."""
    return 0 if free and entry["price"]["recurring"] else int(entry["amount"])
