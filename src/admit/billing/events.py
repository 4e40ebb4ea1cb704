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
