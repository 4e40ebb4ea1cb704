"""The kinds of objects that are mirrored, each by its own slice."""

from collections.abc import Mapping

from admit.billing.checkout.mirror import CheckoutMirror
from admit.billing.customers.mirror import CustomerMirror
from admit.billing.disputes.mirror import DisputeMirror
from admit.billing.entitlements.mirror import EntitlementsMirror
from admit.billing.invoices.mirror import InvoiceMirror
from admit.billing.payment_methods.mirror import PaymentMethodMirror
from admit.billing.payments.mirror import ChargeMirror, InvoicePaymentMirror
from admit.billing.reconciliation.mirrors import Mirror
from admit.billing.refunds.mirror import RefundMirror
from admit.billing.schedules.mirror import ScheduleMirror
from admit.billing.subscriptions.mirror import SubscriptionMirror

MIRRORS: Mapping[str, Mirror] = {
    "charge": ChargeMirror(),
    "checkout.session": CheckoutMirror(),
    "customer": CustomerMirror(),
    "dispute": DisputeMirror(),
    "entitlements.active_entitlement_summary": EntitlementsMirror(),
    "invoice": InvoiceMirror(),
    "invoice_payment": InvoicePaymentMirror(),
    "payment_method": PaymentMethodMirror(),
    "refund": RefundMirror(),
    "subscription": SubscriptionMirror(),
    "subscription_schedule": ScheduleMirror(),
}
