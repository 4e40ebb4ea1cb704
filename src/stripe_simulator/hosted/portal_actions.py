"""What somebody does in the portal. Each is one transaction, and tells of itself by events."""

from collections.abc import Mapping

from stripe_simulator.api.resources import customers, payment_methods
from stripe_simulator.api.resources import subscriptions as api
from stripe_simulator.billing import canceling, challenges, methods, pausing, setups
from stripe_simulator.cards import CardDetails, wrong_entry
from stripe_simulator.checkout import Challenged, Declined, Paid, declined
from stripe_simulator.errors import missing_resource
from stripe_simulator.hosted.portal import Visit
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


def pause(store: Store, visit: Visit, id_: str) -> None:
    with store.writing() as tx:
        subscription = own(tx, visit, "subscription", id_)
        pausing.pause_collection(tx, subscription, "void", None)
        tx.save(subscription, "customer.subscription.updated")


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


def change_details(store: Store, visit: Visit, given: Mapping[str, str]) -> None:
    """Only what the configuration allows."""
    allowed = visit.features["customer_update"]["allowed_updates"]
    params: Json = {
        name: given.get(name) or None for name in ("name", "email", "phone") if name in allowed
    }
    if "address" in allowed:
        parts = ("line1", "line2", "postal_code", "city", "state", "country")
        params["address"] = {part: given.get(part) or None for part in parts}
    with store.writing() as tx:
        customers.update(tx, params, visit.customer)
