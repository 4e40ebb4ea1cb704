"""What billing holds about a person. All of it stays: names and cards are at Stripe only."""

from typing import Any

from sqlalchemy import ColumnElement, select

from admit.accounts.leaving.holding import Holding
from admit.accounts.leaving.holdings import by_user
from admit.billing.checkout.models import Checkout, CheckoutSession
from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription, SubscriptionChange
from admit.core.db import Base

BY_LAW = "The law asks us to keep what money was paid for; without your account it names nobody."
BOOKKEEPING = frozenset({"look", "look_source", "look_second"})


def of_their_accounts(table: Any, user_id: str) -> ColumnElement[bool]:
    accounts = select(BillingAccount.id).where(BillingAccount.user_id == user_id)
    mine: ColumnElement[bool] = table.billing_account_id.in_(accounts)
    return mine


def billed(name: str, title: str, table: type[Base], *hidden: str) -> Holding:
    def of(user_id: str) -> ColumnElement[bool]:
        return of_their_accounts(table, user_id)

    return Holding(name, title, table, of, frozenset(hidden), BY_LAW)


HOLDINGS = (
    Holding(
        "billing_accounts",
        "Your account at Stripe",
        BillingAccount,
        by_user(BillingAccount),
        kept_because=BY_LAW,
    ),
    billed("subscriptions", "Your subscriptions", Subscription, *BOOKKEEPING),
    Holding(
        "subscription_changes",
        "What you asked of your subscriptions",
        SubscriptionChange,
        lambda user_id: SubscriptionChange.asked_by == user_id,
        kept_because=BY_LAW,
    ),
    billed("invoices", "Your invoices", Invoice, *BOOKKEEPING),
    billed("checkouts", "Purchases that you began", Checkout),
    billed("checkout_sessions", "Their pages at Stripe", CheckoutSession, *BOOKKEEPING),
)
