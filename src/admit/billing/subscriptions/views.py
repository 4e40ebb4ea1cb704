"""A subscription as pages, mails and the API show it."""

from dataclasses import dataclass
from datetime import datetime

from admit.billing.catalog.views import period_in_words


@dataclass(frozen=True)
class NextCharge:
    amount: int
    """In minor units, less what is taken off; taxes come on top where prices have none."""
    currency: str
    on: datetime


@dataclass(frozen=True)
class PlanRef:
    """One of the plans, and how it is paid."""

    code: str | None
    """None of a plan that is not ours, or not any more."""
    name: str
    price_code: str | None
    amount: int | None
    currency: str | None
    interval: str | None
    interval_count: int
    quantity: int

    @property
    def period(self) -> str:
        """As it stands after the amount: `a month`, `every 3 months`."""
        return period_in_words(self.interval or "month", self.interval_count)


@dataclass(frozen=True)
class PlannedChange:
    plan: PlanRef
    on: datetime


@dataclass(frozen=True)
class UnpaidChange:
    """It is made as soon as its invoice is paid, and lapses otherwise."""

    plan: PlanRef
    until: datetime
    pay_url: str | None
    amount: int | None


@dataclass(frozen=True)
class OpenInvoice:
    id: str
    amount: int
    currency: str
    pay_url: str | None
    next_attempt_at: datetime | None


@dataclass(frozen=True)
class Card:
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None

    @property
    def name(self) -> str:
        """As it is printed: `Visa`, `American Express`."""
        return BRANDS.get(self.brand, self.brand.replace("_", " ").capitalize())


BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}


@dataclass(frozen=True)
class Discount:
    """So much per cent, or an amount in minor units, less; None for the other one."""

    name: str | None
    percent_off: float | None
    amount_off: int | None
    currency: str | None
    ends_at: datetime | None


@dataclass(frozen=True)
class SubscriptionView:
    """`state` is a key of `words.WORDS`, `status` is Stripe's own."""

    id: str
    plan: PlanRef
    status: str
    state: str
    state_text: str
    period_start: datetime
    period_end: datetime
    next_charge: NextCharge | None
    trial_ends: datetime | None
    """While the trial lasts."""
    ends_on: datetime | None
    """Once it is set to end."""
    grace_until: datetime | None
    """How long it stays open though a payment failed."""
    open_invoice: OpenInvoice | None
    paid_until: datetime | None
    paused: bool
    resumes_at: datetime | None
    planned: PlannedChange | None
    unpaid_change: UnpaidChange | None
    card: Card | None
    discounts: tuple[Discount, ...]
    can_cancel: bool
    can_resume: bool
    can_pause: bool
    can_unpause: bool
