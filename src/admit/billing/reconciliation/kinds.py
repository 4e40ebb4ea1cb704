"""The kinds of objects that are mirrored, each by its own slice."""

from collections.abc import Mapping

from admit.billing.checkout.mirror import CheckoutMirror
from admit.billing.customers.mirror import CustomerMirror
from admit.billing.invoices.mirror import InvoiceMirror
from admit.billing.payment_methods.mirror import PaymentMethodMirror
from admit.billing.reconciliation.mirrors import Mirror
from admit.billing.schedules.mirror import ScheduleMirror
from admit.billing.subscriptions.mirror import SubscriptionMirror

MIRRORS: Mapping[str, Mirror] = {
    "checkout.session": CheckoutMirror(),
    "customer": CustomerMirror(),
    "invoice": InvoiceMirror(),
    "payment_method": PaymentMethodMirror(),
    "subscription": SubscriptionMirror(),
    "subscription_schedule": ScheduleMirror(),
}
