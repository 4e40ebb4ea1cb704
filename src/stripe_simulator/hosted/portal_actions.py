"""What somebody does in the portal. Each is one transaction, and tells of itself by events."""

from stripe_simulator.api.resources import payment_methods
from stripe_simulator.api.resources import subscriptions as api
from stripe_simulator.billing import canceling, challenges, methods, pausing, setups
from stripe_simulator.cards import CardDetails, wrong_entry
from stripe_simulator.checkout import Challenged, Declined, Paid, declined
from stripe_simulator.checkout.discounts import duration_in_words
from stripe_simulator.clock.periods import period_end
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.hosted.portal import Visit
from stripe_simulator.money import display
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction


def seen(store: Store, visit: Visit) -> None:
    """Using the portal keeps it open."""
    with store.writing() as tx:
        session = tx.need("billing_portal.session", visit.session["id"])
        session["_seen"] = tx.now
        tx.save(session)


def own(tx: Transaction, visit: Visit, kind: str, id_: str) -> Json:
    """The customer's own object. Errors: 404 for somebody else's."""
    found = tx.need(kind, id_)
    if found["customer"] != visit.customer:
        raise missing_resource(kind, id_)
    return found


def cancel(store: Store, visit: Visit, id_: str, *, feedback: str | None) -> None:
    feature = visit.features["subscription_cancel"]
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        if feedback in feature["cancellation_reason"]["options"]:
            subscription["cancellation_details"]["feedback"] = feedback
        if feature["mode"] == "immediately":
            prorates = feature["proration_behavior"] != "none"
            invoices_now = feature["proration_behavior"] == "always_invoice"
            canceling.now(tx, subscription, prorates=prorates, invoices_now=invoices_now)
        else:
            api.update(tx, {"cancel_at_period_end": True}, id_)


def keep(store: Store, visit: Visit, id_: str) -> None:
    """The planned end is taken back."""
    with store.writing() as tx:
        own(tx, visit, "subscription", id_)
        api.update(tx, {"cancel_at_period_end": False}, id_)


def offer(store: Store, visit: Visit, id_: str) -> str | None:
    """What the flow gives to whoever stays, in words."""
    coupon = retention(visit)
    if coupon is None:
        return None
    tx = store.reading()
    own(tx, visit, "subscription", id_)
    return in_words(tx.need("coupon", coupon))


def retention(visit: Visit) -> str | None:
    """The coupon of the flow; none once something was done."""
    flow = (visit.session["flow"] or {}).get("subscription_cancel") or {}
    given = (flow.get("retention") or {}).get("coupon_offer")
    return str(given["coupon"]) if given and not visit.session.get("_done") else None


def in_words(coupon: Json) -> str:
    off = (
        f"{coupon['percent_off']:g} %"
        if coupon["percent_off"] is not None
        else display(coupon["amount_off"], coupon["currency"])
    )
    return f"{off} off, {duration_in_words(coupon)}."


def stay(store: Store, visit: Visit, id_: str) -> None:
    """The offer is taken, in addition to what is there already."""
    coupon = retention(visit)
    if coupon is None:
        return
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        kept = [{"discount": one} for one in subscription["discounts"]]
        api.update(tx, {"discounts": [*kept, {"coupon": coupon}]}, id_)


def pause_lengths(visit: Visit) -> list[Json]:
    """How long it may be paused; nothing to choose from when it is until somebody resumes it."""
    duration = visit.features["subscription_pause"]["duration"]
    if duration["type"] != "interval_options":
        return []
    found: list[Json] = duration["interval_options"] or []
    return found


def pause(store: Store, visit: Visit, id_: str, *, length: str) -> None:
    """`length`: one of those that the configuration offers, like `3-month`."""
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        pausing.pause_collection(tx, subscription, "void", resumes_at(visit, length, tx.now))
        tx.save(subscription, "customer.subscription.updated")


def resumes_at(visit: Visit, length: str, now: int) -> int | None:
    offered = pause_lengths(visit)
    for one in offered:
        if length == f"{one['interval_count']}-{one['interval']}" or len(offered) == 1:
            count = one["interval_count"]
            return period_end(anchor=now, start=now, interval=one["interval"], count=count)
    if offered:
        raise invalid("Choose for how long it is paused.", param="length")
    return None


def go_on(store: Store, visit: Visit, id_: str) -> None:
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        pausing.collect_again(tx, subscription)
        tx.save(subscription, "customer.subscription.updated")


def make_default(store: Store, visit: Visit, id_: str) -> None:
    with store.writing() as tx:
        setups.make_default(tx, own(tx, visit, "payment_method", id_))


def remove_card(store: Store, visit: Visit, id_: str) -> None:
    with store.writing() as tx:
        own(tx, visit, "payment_method", id_)
        payment_methods.detach(tx, {}, id_)


def add_card(
    store: Store, visit: Visit, *, card: CardDetails, return_url: str
) -> Paid | Declined | Challenged:
    """Saves a card and makes it the default; its bank may ask for its holder first."""
    with store.writing() as tx:
        wrong = wrong_entry(card, now=tx.now) or methods.unknown(card)
        if wrong:
            return declined(wrong)
        intent = setups.create(tx, customer=visit.customer, metadata={})
        intent["_makes_default"] = True
        tx.save(intent)
        method = methods.create(tx, card)
        refused = setups.confirm(tx, intent, method, return_url=return_url, authenticated=False)
        if refused:
            return declined(refused)
        if intent["status"] == "requires_action":
            return Challenged(challenges.page_of(tx, intent["id"]))
        return Paid(return_url)
