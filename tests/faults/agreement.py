"""Both sides at the end: one of each, equal, and nothing left to do."""

from admit.access.models import LEVEL, GrantRow
from admit.billing.checkout.models import Checkout, CheckoutSession
from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription
from tests.billing import truth
from tests.faults.ground import Ground


def assert_nothing_is_lost_and_nothing_done_twice(ground: Ground) -> None:
    books, stripe = ground.books, ground.stripe
    (account,) = books.rows(BillingAccount)
    (customer,) = stripe.all("/v1/customers")
    assert account.stripe_customer_id == customer["id"]

    now = truth.ask_for_truth(stripe, customer["id"])
    (subscription,) = now.subscriptions
    (charge,) = stripe.all("/v1/payment_intents")
    assert (subscription["status"], charge["status"], charge["amount"]) == (
        "active",
        "succeeded",
        1200,
    )
    assert books.mirror(Subscription, truth.subscription_rows(now)) == truth.subscription_rows(now)
    assert books.mirror(Invoice, truth.invoice_rows(now)) == truth.invoice_rows(now)
    assert books.mirror(CheckoutSession, truth.session_rows(now)) == truth.session_rows(now)

    wishes = [wish.status for wish in books.rows(Checkout)]
    assert wishes == ["complete"], wishes
    granted = sorted(grant.feature for grant in books.rows(GrantRow))
    assert granted == sorted({*truth.SUBSCRIBERS, LEVEL})
    assert books.facts("billing.invoice_paid") == 1
    assert books.mails() == ["accounts.verify", "billing.welcome"]
