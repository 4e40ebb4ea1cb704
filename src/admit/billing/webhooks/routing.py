"""Every Stripe event that matters, and why.

*state*: make our mirror of the object equal to Stripe's. *notice*: besides, the event is a fact
of its own that the object's latest state may no longer show; its key is built from the event.
Types outside this table are kept as unrouted and pruned later.
https://docs.stripe.com/api/events/types
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def own_id(carried: Mapping[str, Any]) -> object:
    return carried.get("id")


def subscription_of(carried: Mapping[str, Any]) -> object:
    """Of an invoice of any API version, or of a discount."""
    parent = (carried.get("parent") or {}).get("subscription_details") or {}
    return parent.get("subscription") or carried.get("subscription")


def entitlements_of(carried: Mapping[str, Any]) -> object:
    """A summary has no id of its own; our mirror of it is called after its customer."""
    customer = carried.get("customer")
    return f"entitlements:{customer}" if isinstance(customer, str) else None


@dataclass(frozen=True)
class Route:
    kind: str
    """Stripe's `object` of what is looked at."""
    why: str
    notice: bool = False
    subject: Callable[[Mapping[str, Any]], object] = own_id
    """The id of what is looked at, in what the event carries."""
    shows_it: bool = True
    """Whether what the event carries is the object itself, as it is from then on."""


def _subscription(why: str) -> Route:
    return Route("subscription", why)


def _invoice(why: str, *, notice: bool = False) -> Route:
    return Route("invoice", why, notice)


def _discount(why: str) -> Route:
    """Of a whole customer it changes invoices to come, which tell of it themselves."""
    return Route("subscription", why, subject=subscription_of, shows_it=False)


def _checkout(why: str) -> Route:
    return Route("checkout.session", why)


def _schedule(why: str) -> Route:
    return Route("subscription_schedule", why)


def _payment_method(why: str) -> Route:
    return Route("payment_method", why)


def _charge(why: str) -> Route:
    return Route("charge", why)


def _refund(why: str) -> Route:
    return Route("refund", why)


def _dispute(why: str, *, notice: bool = False) -> Route:
    return Route("dispute", why, notice)


ROUTES: Mapping[str, Route] = {
    "checkout.session.completed": _checkout("the wish to subscribe came true"),
    "checkout.session.expired": _checkout("the person did not pay; another try may begin"),
    "checkout.session.async_payment_succeeded": _checkout("a delayed payment arrived"),
    "checkout.session.async_payment_failed": _checkout("a delayed payment failed"),
    "customer.created": Route("customer", "links a customer whose id a crash kept from us"),
    "customer.updated": Route("customer", "the card charged by default; or links, as above"),
    "customer.deleted": Route("customer", "the next checkout needs a new customer", shows_it=False),
    "customer.discount.created": _discount("from now on it costs less"),
    "customer.discount.updated": _discount("it costs less in another way"),
    "customer.discount.deleted": _discount("it costs as much as before"),
    "customer.subscription.created": _subscription("there is a subscription to mirror"),
    "customer.subscription.updated": _subscription("status, price, period or its end changed"),
    "customer.subscription.deleted": _subscription("it ended, and its access with it"),
    "customer.subscription.paused": _subscription("a trial ended without a card"),
    "customer.subscription.resumed": _subscription("it goes on after a pause"),
    "customer.subscription.trial_will_end": _subscription("the trial's end may have moved"),
    "customer.subscription.pending_update_applied": _subscription("a paid change took effect"),
    "customer.subscription.pending_update_expired": _subscription("an unpaid change lapsed"),
    "entitlements.active_entitlement_summary.updated": Route(
        "entitlements.active_entitlement_summary",
        "what is active for a customer at Stripe changed",
        subject=entitlements_of,
    ),
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
    "invoice.payment_action_required": _invoice("the bank asks the person to confirm", notice=True),
    "invoice.overdue": _invoice("nobody has paid it until its due date"),
    "invoice.overpaid": _invoice("more was paid than it asked for"),
    "invoice.upcoming": Route(
        "subscription",
        "it will renew, which is worth a word before",
        notice=True,
        subject=subscription_of,
        shows_it=False,
    ),
    "invoice.updated": _invoice("amount or next attempt changed"),
    "invoice.voided": _invoice("nothing is owed any more"),
    "invoice.marked_uncollectible": _invoice("it will not be paid"),
    "invoice.deleted": Route("invoice", "a draft was thrown away", shows_it=False),
    "invoice_payment.paid": Route("invoice_payment", "which payment paid for which invoice"),
    "charge.succeeded": _charge("money came, and its receipt can be shown"),
    "charge.pending": _charge("a bank debit is under way"),
    "charge.failed": _charge("an attempt failed, and the bank said why"),
    "charge.refunded": _charge("money went back; its refunds are looked at"),
    "refund.created": _refund("money is on its way back, and access may end with it"),
    "refund.updated": _refund("the refund arrived, or did not"),
    "refund.failed": _refund("the money is ours again, and so is the access theirs"),
    "charge.refund.updated": _refund("the same, as endpoints of older versions are told"),
    "charge.dispute.created": _dispute("the holder's bank wants the money back"),
    "charge.dispute.updated": _dispute("it is answered, or the bank moved it on"),
    "charge.dispute.closed": _dispute("it was won or lost, and access follows"),
    "charge.dispute.funds_withdrawn": _dispute("the bank took the money", notice=True),
    "charge.dispute.funds_reinstated": _dispute("the bank gave the money back", notice=True),
}
NOTICES = frozenset(name for name, route in ROUTES.items() if route.notice)
