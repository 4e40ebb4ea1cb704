"""Lines whose quantity the buyer may change on the page."""

from stripe_simulator.billing import pricing
from stripe_simulator.checkout import discounts, view
from stripe_simulator.checkout.collecting import limits
from stripe_simulator.checkout.dues import due_today, trial_end
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

NOT_A_NUMBER = "Enter a whole number"
ALL_GONE = "At least one item has to stay"


def change(store: Store, session_id: str, item_id: str, typed: str) -> str | None:
    """What the page's quantity field does. Answers with what is wrong."""
    with store.writing() as tx:
        session = tx.need("checkout.session", session_id)
        entry = next((one for one in session["_items"] if one["item"]["id"] == item_id), None)
        allowed = limits(entry) if entry else None
        if entry is None or allowed is None or view.status(session, tx.now) != "open":
            return "This quantity cannot be changed"
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6):
            return NOT_A_NUMBER
        fewest, most = allowed
        if not fewest <= int(typed) <= most:
            return f"Enter a number from {fewest} to {most}"
        return set_quantity(tx, session, entry, int(typed))


def set_quantity(tx: Transaction, session: Json, entry: Json, quantity: int) -> str | None:
    others = [one for one in session["_items"] if one is not entry]
    if quantity == 0 and not others:
        return ALL_GONE
    if quantity == 0:
        session["_items"] = others
    entry["quantity"] = entry["item"]["quantity"] = quantity
    reckon(tx, entry)
    total(tx, session)
    tx.save(session)
    return None


def reckon(tx: Transaction, entry: Json) -> None:
    price = entry["price"]
    entry["amount"] = pricing.total(tx, price, entry["quantity"], price["currency"])
    entry["item"]["amount_subtotal"] = entry["item"]["amount_total"] = entry["amount"]


def total(tx: Transaction, session: Json) -> None:
    """What is due today for all lines, less the discount."""
    free = trial_end(session, tx.now) is not None
    session["amount_subtotal"] = sum(due_today(entry, free=free) for entry in session["_items"])
    discounts.reckon(tx, session)
