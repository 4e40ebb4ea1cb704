"""Every Stripe event that matters, and why.

*state*: make our mirror of the object equal to Stripe's. *notice*: besides, the event is a fact
of its own that the object's latest state may no longer show; its key is built from the event.
Types outside this table are kept as unrouted and pruned later.
https://docs.stripe.com/api/events/types
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    kind: str
    """Stripe's `object` of what the event carries."""
    why: str
    notice: bool = False


def _subscription(why: str) -> Route:
    return Route("subscription", why)


def _invoice(why: str, *, notice: bool = False) -> Route:
    return Route("invoice", why, notice)


def _checkout(why: str) -> Route:
    return Route("checkout.session", why)


def _schedule(why: str) -> Route:
    return Route("subscription_schedule", why)


def _payment_method(why: str) -> Route:
    return Route("payment_method", why)


ROUTES: Mapping[str, Route] = {
    "checkout.session.completed": _checkout("the wish to subscribe came true"),
    "checkout.session.expired": _checkout("the person did not pay; another try may begin"),
    "checkout.session.async_payment_succeeded": _checkout("a delayed payment arrived"),
    "checkout.session.async_payment_failed": _checkout("a delayed payment failed"),
    "customer.created": Route("customer", "links a customer whose id a crash kept from us"),
    "customer.updated": Route("customer", "the card charged by default; or links, as above"),
    "customer.deleted": Route("customer", "the next checkout needs a new customer"),
    "customer.subscription.created": _subscription("there is a subscription to mirror"),
    "customer.subscription.updated": _subscription("status, price, period or its end changed"),
    "customer.subscription.deleted": _subscription("it ended, and its access with it"),
    "customer.subscription.paused": _subscription("a trial ended without a card"),
    "customer.subscription.resumed": _subscription("it goes on after a pause"),
    "customer.subscription.trial_will_end": _subscription("the trial's end may have moved"),
    "customer.subscription.pending_update_applied": _subscription("a paid change took effect"),
    "customer.subscription.pending_update_expired": _subscription("an unpaid change lapsed"),
    "subscription_schedule.created": _schedule("a change is planned for the period's end"),
    "subscription_schedule.updated": _schedule("the planned change is another one, or took place"),
    "subscription_schedule.released": _schedule("the planned change was taken back"),
    "subscription_schedule.completed": _schedule("nothing more is planned"),
    "subscription_schedule.canceled": _schedule("it ended, and its subscription with it"),
    "subscription_schedule.aborted": _schedule("its subscription ended by other means"),
    "payment_method.attached": _payment_method("there is another card to show"),
    "payment_method.updated": _payment_method("the card's dates were corrected"),
    "payment_method.automatically_updated": _payment_method("the bank told of a new card"),
    "payment_method.detached": _payment_method("it is nobody's any more"),
    "invoice.created": _invoice("the next period is being billed"),
    "invoice.finalized": _invoice("it has a number and is due"),
    "invoice.finalization_failed": _invoice("it cannot be billed as it stands"),
    "invoice.paid": _invoice("it pays for a period: access reaches further"),
    "invoice.payment_failed": _invoice("a payment attempt failed", notice=True),
    "invoice.payment_action_required": _invoice("the bank asks the person to confirm"),
    "invoice.updated": _invoice("amount or next attempt changed"),
    "invoice.voided": _invoice("nothing is owed any more"),
    "invoice.marked_uncollectible": _invoice("it will not be paid"),
    "invoice.deleted": _invoice("a draft was thrown away"),
}
NOTICES = frozenset(name for name, route in ROUTES.items() if route.notice)
