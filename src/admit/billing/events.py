"""Facts about money, each with one key whatever event told it."""

from typing import ClassVar

from admit.core.events import Event


class InvoicePaid(Event):
    name: ClassVar[str] = "billing.invoice_paid"
    invoice_id: str
    user_id: str


class PaymentFailed(Event):
    name: ClassVar[str] = "billing.payment_failed"
    invoice_id: str
    user_id: str
    attempt: int


class SubscriptionEnded(Event):
    name: ClassVar[str] = "billing.subscription_ended"
    subscription_id: str
    user_id: str


class CancellationScheduled(Event):
    name: ClassVar[str] = "billing.cancellation_scheduled"
    subscription_id: str
    user_id: str


class TrialBegun(Event):
    """The person's one trial, by its subscription; whoever began it."""

    name: ClassVar[str] = "billing.trial_begun"
    subscription_id: str
    user_id: str


class CardSaved(Event):
    """On Stripe's page, by somebody who puts a payment right."""

    name: ClassVar[str] = "billing.card_saved"
    recovery_id: str
    user_id: str


class DefaultCardChanged(Event):
    """Here, in the portal or by Stripe: what is owed is tried at once."""

    name: ClassVar[str] = "billing.default_card_changed"
    billing_account_id: str
    card: str
    user_id: str


class ChangeAsked(Event):
    """Somebody wants a change of their subscription; the worker goes on when they cannot."""

    name: ClassVar[str] = "billing.change_asked"
    change_id: str
    user_id: str


class LookAgain(Event):
    """An answer may have been older than its event: look once more when replicas caught up."""

    name: ClassVar[str] = "billing.look_again"
    kind: str
    object_id: str
    newest_event: int


class CustomerLinked(Event):
    """From now on this customer's objects are ours: look at all that it has."""

    name: ClassVar[str] = "billing.customer_linked"
    billing_account_id: str


class DriftFound(Event):
    """Stripe does not know an object that nobody deleted; access is kept, staff are told."""

    name: ClassVar[str] = "billing.drift_found"
    kind: str
    object_id: str


class RefundMade(Event):
    """Money is on its way back, all of a payment or a part of it."""

    name: ClassVar[str] = "billing.refund_made"
    refund_id: str
    user_id: str


class RefundFailed(Event):
    """The bank sent the money back to us."""

    name: ClassVar[str] = "billing.refund_failed"
    refund_id: str
    user_id: str


class DisputeOpened(Event):
    name: ClassVar[str] = "billing.dispute_opened"
    dispute_id: str
    user_id: str


class DisputeClosed(Event):
    """`outcome` is Stripe's status: `won`, `lost`, `warning_closed`, `prevented`."""

    name: ClassVar[str] = "billing.dispute_closed"
    dispute_id: str
    user_id: str
    outcome: str


class DisputeMoneyMoved(Event):
    """The bank took the money, or gave it back (`reinstated`)."""

    name: ClassVar[str] = "billing.dispute_money_moved"
    dispute_id: str
    user_id: str
    reinstated: bool


class ActionRequired(Event):
    """The bank wants to see the card's holder before it pays."""

    name: ClassVar[str] = "billing.action_required"
    invoice_id: str
    user_id: str
    attempt: int


class RenewalComing(Event):
    """Stripe will bill the next period; amounts may still change."""

    name: ClassVar[str] = "billing.renewal_coming"
    subscription_id: str
    user_id: str
    on: int
    """Stripe's second."""
    amount_due: int
    currency: str


class RefundOrdered(Event):
    """Staff gives money back; whoever ordered it may not have seen it to its end."""

    name: ClassVar[str] = "billing.refund_ordered"
    order_id: str
