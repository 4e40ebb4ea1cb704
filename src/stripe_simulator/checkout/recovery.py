"""The address of an expired session that leads to a fresh copy of it.

docs.stripe.com/payments/checkout/abandoned-carts.
"""

from copy import deepcopy

from stripe_simulator.checkout import discounts, quantities
from stripe_simulator.errors import StripeError
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

LIVES = DAY
NOT_COPIED = ("_answers", "_challenge", "_customer", "_payment_intent", "_setup_intent")


def recover(store: Store, session_id: str) -> Json | None:
    """The open copy, made by the first visit; None when there is nothing to recover any more."""
    with store.writing() as tx:
        expired = tx.get(session_id, "checkout.session")
        if expired is None or not is_recoverable(expired, tx.now):
            return None
        known = tx.get(expired.get("_copy") or "", "checkout.session")
        if known is not None and known["status"] != "expired":
            return known
        copied = copy(tx, expired)
        expired["_copy"] = copied["id"]
        tx.save(expired)
        return copied


def is_recoverable(session: Json, now: int) -> bool:
    recovery = (session["after_expiration"] or {}).get("recovery") or {}
    return session["status"] == "expired" and (recovery.get("expires_at") or 0) > now


def copy(tx: Transaction, expired: Json) -> Json:
    id_ = tx.new_id("checkout.session")
    recovery = expired["after_expiration"]["recovery"]
    session = {name: value for name, value in deepcopy(expired).items() if name not in NOT_COPIED}
    session |= {
        "id": id_,
        "created": tx.now,
        "expires_at": tx.now + LIVES,
        "recovered_from": expired["id"],
        "status": "open",
        "url": f"{tx.base_url}/c/pay/{id_}",
        "after_expiration": {"recovery": recovery | {"url": None, "expires_at": None}},
    }
    if recovery["allow_promotion_codes"]:
        session["allow_promotion_codes"] = True
    for entry in session["_items"]:
        entry["item"]["id"] = tx.new_id("item")
    forget_what_is_over(session, tx.now)
    tx.add(session)
    if session["_items"]:
        use_discounts(tx, session)
    tx.schedule("checkout.expire", id_, session["expires_at"])
    return tx.save(session)


def forget_what_is_over(session: Json, now: int) -> None:
    """A trial that was to end at a moment which has passed is no trial."""
    data = session["_subscription_data"]
    if (data.get("trial_end") or now + 1) <= now:
        del data["trial_end"]


def use_discounts(tx: Transaction, session: Json) -> None:
    """A code that has run out meanwhile is left away."""
    quantities.total(tx, session)
    try:
        discounts.use(tx, session, session.get("_discounts") or [])
    except StripeError:
        discounts.use(tx, session, [])
