"""What the hosted page shows of a session."""

from dataclasses import dataclass, field

from stripe_simulator.billing import pricing, seller
from stripe_simulator.checkout import discounts
from stripe_simulator.checkout.collecting import Asks, asks_of, limits
from stripe_simulator.checkout.dues import trial_end
from stripe_simulator.checkout.taxes import TaxView, shown_taxes
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

SUBMITS = {"book": "Book", "donate": "Donate", "pay": "Pay", "subscribe": "Subscribe"}
"""`submit_type`; left away or `auto`, the mode says it."""


@dataclass(frozen=True)
class LineView:
    """Amounts in minor units; `amount` is of one period and not reduced by a trial.

    `unit_amount` is None where tiers or usage decide; `limits`: the fewest and the most, where
    the buyer may change the quantity.
    """

    name: str
    description: str | None
    quantity: int
    unit_amount: int | None
    amount: int
    interval: str | None
    interval_count: int
    image: str | None
    limits: tuple[int, int] | None = None
    id: str = ""


@dataclass(frozen=True)
class TrialView:
    """`ends_at`: unix seconds, simulated."""

    days: int
    ends_at: int


@dataclass(frozen=True)
class SessionView:
    """`status`: open, complete or expired. `due_later` is None without a recurring price.

    `awaits_place`: taxes will be added once the buyer has said where they are.
    """

    id: str
    status: str
    mode: str
    merchant: str
    currency: str
    lines: tuple[LineView, ...]
    due_today: int
    due_later: int | None
    trial: TrialView | None
    email: str | None
    cancel_url: str | None
    success_url: str | None
    expires_at: int
    submit_label: str
    needs_card: bool = True
    takes_codes: bool = False
    subtotal: int = 0
    discount: discounts.DiscountView | None = None
    taxes: tuple[TaxView, ...] = ()
    awaits_place: bool = False
    asks: Asks = field(default_factory=Asks)


def view_session(store: Store, session_id: str) -> SessionView | None:
    """None when there is no such session."""
    tx = store.reading()
    session = tx.get(session_id, "checkout.session")
    if session is None:
        return None
    return SessionView(
        id=session["id"],
        status=status(session, tx.now),
        mode=session["mode"],
        merchant=seller.name(tx),
        currency=session["currency"],
        lines=tuple(line_view(tx, entry) for entry in session["_items"]),
        due_today=session["amount_total"] or 0,
        due_later=discounts.later_amount(
            tx, session, begins_later=trial_end(session, tx.now) is not None
        ),
        trial=trial_view(session, tx.now),
        email=known_email(tx, session),
        cancel_url=session["cancel_url"],
        success_url=success_url(session),
        expires_at=session["expires_at"],
        submit_label=submit_label(session, tx.now),
        needs_card=needs_card(session),
        takes_codes=bool(session["allow_promotion_codes"]),
        subtotal=session["amount_subtotal"] or 0,
        discount=discounts.shown(tx, session),
        taxes=shown_taxes(tx, session),
        awaits_place=session["automatic_tax"]["status"] == "requires_location_inputs",
        asks=asks_of(tx, session),
    )


def status(session: Json, now: int) -> str:
    """A session that is over by the clock is expired before the timer has said so."""
    if session["status"] == "open" and session["expires_at"] <= now:
        return "expired"
    return str(session["status"])


def success_url(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def known_email(tx: Transaction, session: Json) -> str | None:
    customer = tx.get(session["customer"]) if session["customer"] else None
    email: str | None = (customer or {}).get("email") or session["customer_email"]
    return email


def needs_card(session: Json) -> bool:
    """Not when nothing is due and a card is asked for only `if_required`."""
    free = session["mode"] != "setup" and session["amount_total"] == 0
    return not (free and session["payment_method_collection"] == "if_required")


def trial_view(session: Json, now: int) -> TrialView | None:
    ends_at = trial_end(session, now)
    return TrialView(days=-(-(ends_at - now) // DAY), ends_at=ends_at) if ends_at else None


def submit_label(session: Json, now: int) -> str:
    if trial_end(session, now):
        return "Start trial"
    labels = {"payment": "Pay", "setup": "Save card", "subscription": "Subscribe"}
    return SUBMITS.get(session["submit_type"] or "", labels[session["mode"]])


def line_view(tx: Transaction, entry: Json) -> LineView:
    price = entry["price"]
    product = tx.get(price["product"], "product") or {}
    recurring = price["recurring"] or {}
    return LineView(
        id=entry["item"]["id"],
        limits=limits(entry),
        name=product.get("name", price["product"]),
        description=product.get("description"),
        quantity=entry["quantity"],
        unit_amount=None if pricing.is_metered(price) else price["unit_amount"],
        amount=entry["amount"],
        interval=recurring.get("interval"),
        interval_count=recurring.get("interval_count", 1),
        image=next(iter(product.get("images", [])), None),
    )
