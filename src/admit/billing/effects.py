"""What follows from facts about money: mails, and second looks."""

from collections.abc import Mapping

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.events import AccountClosed
from admit.accounts.service import find_user
from admit.billing.catalog.events import CatalogEdited, PlanFeaturesChanged
from admit.billing.catalog.push import push
from admit.billing.changes.carrying_out import CARRY_OUT, carry_out
from admit.billing.changes.service import cancel_all_at_period_end
from admit.billing.checkout.service import close_trial_offers
from admit.billing.context import Billing
from admit.billing.customers.repository import BillingAccounts
from admit.billing.events import (
    ActionRequired,
    CancellationScheduled,
    CardSaved,
    ChangeAsked,
    CustomerLinked,
    DefaultCardChanged,
    DisputeClosed,
    DisputeOpened,
    InvoicePaid,
    LookAgain,
    PaymentFailed,
    RefundFailed,
    RefundMade,
    RefundOrdered,
    SubscriptionEnded,
    TrialBegun,
)
from admit.billing.invoices.letters import InvoiceLetters
from admit.billing.payments.letters import PaymentLetters
from admit.billing.reconciliation.mirrors import Look, ObjectRef
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.service import reconcile, writing_of
from admit.billing.reconciliation.sweep import reconcile_customer
from admit.billing.recovery.paying import pay_what_is_owed
from admit.billing.recovery.service import adopt_card
from admit.billing.refunds import ordering as refund_orders
from admit.billing.refunds.ordering import CARRY_OUT as CARRY_OUT_REFUND
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.letters import SubscriptionLetters
from admit.billing.subscriptions.repository import Subscriptions
from admit.core.events import Occurrence
from admit.core.events.worker import Reaction

SETTLED_AT_ONCE = 100

REACTIONS_TO: Mapping[str, tuple[str, ...]] = {
    InvoicePaid.name: ("billing.welcome_mail", "billing.receipt_mail"),
    ActionRequired.name: ("billing.action_required_mail",),
    RefundOrdered.name: (CARRY_OUT_REFUND,),
    RefundMade.name: ("billing.refund_mail",),
    RefundFailed.name: ("billing.refund_failed_mail",),
    DisputeOpened.name: ("billing.dispute_mail",),
    DisputeClosed.name: ("billing.dispute_closed_mail",),
    PaymentFailed.name: ("billing.payment_failed_mail",),
    CancellationScheduled.name: ("billing.cancellation_mail",),
    SubscriptionEnded.name: ("billing.ended_mail",),
    ChangeAsked.name: (CARRY_OUT,),
    CardSaved.name: ("billing.adopt_card",),
    DefaultCardChanged.name: ("billing.pay_with_new_card",),
    TrialBegun.name: ("billing.close_trial_offers",),
    LookAgain.name: ("billing.second_look",),
    CustomerLinked.name: ("billing.look_at_customer",),
    CatalogEdited.name: ("billing.offer_catalog",),
    PlanFeaturesChanged.name: ("billing.settle_plan",),
    AccountClosed.name: ("billing.cancel_of_closed_account",),
}


def reactions(billing: Billing, templates: Environment) -> Mapping[str, Reaction]:
    invoices = InvoiceLetters(billing, templates)
    payments = PaymentLetters(billing, templates)
    subscriptions = SubscriptionLetters(billing, templates)
    return {
        "billing.welcome_mail": Reaction(apply=invoices.welcome),
        "billing.receipt_mail": Reaction(apply=invoices.receipt),
        "billing.action_required_mail": Reaction(apply=invoices.action_required),
        "billing.refund_mail": Reaction(apply=payments.refund),
        "billing.refund_failed_mail": Reaction(apply=payments.refund_failed),
        "billing.dispute_mail": Reaction(apply=payments.dispute_opened),
        "billing.dispute_closed_mail": Reaction(apply=payments.dispute_closed),
        "billing.payment_failed_mail": Reaction(apply=invoices.payment_failed),
        "billing.cancellation_mail": Reaction(apply=subscriptions.cancellation),
        "billing.ended_mail": Reaction(apply=subscriptions.ended),
        CARRY_OUT: carry_out_change(billing),
        "billing.adopt_card": adopt_saved_card(billing),
        "billing.pay_with_new_card": pay_with_new_card(billing),
        CARRY_OUT_REFUND: carry_out_refund(billing),
        "billing.close_trial_offers": close_other_trials(billing),
        "billing.second_look": second_look(billing),
        "billing.look_at_customer": look_at_customer(billing),
        "billing.offer_catalog": offer_catalog(billing),
        "billing.settle_plan": settle_plan(billing),
        "billing.cancel_of_closed_account": cancel_of_closed_account(billing),
    }


def carry_out_change(billing: Billing) -> Reaction:
    """What was asked for is done, although whoever asked got no answer."""

    async def carry(occurrence: Occurrence) -> None:
        await carry_out(billing, occurrence.data["change_id"])

    return Reaction(prepare=carry, apply=nothing_more)


def adopt_saved_card(billing: Billing) -> Reaction:
    async def adopt(occurrence: Occurrence) -> None:
        await adopt_card(billing, occurrence.data["recovery_id"])

    return Reaction(prepare=adopt, apply=nothing_more)


def pay_with_new_card(billing: Billing) -> Reaction:
    """The card was replaced in the portal, say: nobody waits for Stripe's next try."""

    async def pay(occurrence: Occurrence) -> None:
        account_id, card = occurrence.data["billing_account_id"], occurrence.data["card"]
        await pay_what_is_owed(billing, account_id, key=occurrence.id, card=card)

    return Reaction(prepare=pay, apply=nothing_more)


def close_other_trials(billing: Billing) -> Reaction:
    async def close(occurrence: Occurrence) -> None:
        await close_trial_offers(billing, occurrence.data["user_id"])

    return Reaction(prepare=close, apply=nothing_more)


def carry_out_refund(billing: Billing) -> Reaction:
    async def carry(occurrence: Occurrence) -> None:
        await refund_orders.carry_out(billing, occurrence.data["order_id"])

    return Reaction(prepare=carry, apply=nothing_more)


def second_look(billing: Billing) -> Reaction:
    async def look(occurrence: Occurrence) -> None:
        ref = ObjectRef(occurrence.data["kind"], occurrence.data["object_id"])
        await reconcile(billing, ref, repeated_for=occurrence.data["newest_event"])

    return Reaction(prepare=look, apply=nothing_more)


def look_at_customer(billing: Billing) -> Reaction:
    async def look(occurrence: Occurrence) -> None:
        await reconcile_customer(billing, occurrence.data["billing_account_id"])

    return Reaction(prepare=look, apply=nothing_more)


def settle_plan(billing: Billing) -> Reaction:
    """The plan opens other features than before: so do the grants of those who have it.

    A hundred at a time, so that nobody waits for a plan that many people have; what was settled
    is settled, and doing it again changes nothing.
    """

    async def settle(occurrence: Occurrence) -> None:
        after: tuple[str, str] | None = ("", "")
        while after is not None:
            after = await settle_some(billing, occurrence.data["plan_code"], after)

    return Reaction(prepare=settle, apply=nothing_more)


async def settle_some(
    billing: Billing, plan_code: str, after: tuple[str, str]
) -> tuple[str, str] | None:
    """After which subscription to go on; None when these were the last."""
    async with billing.database.write() as db:
        rows = await Subscriptions(db).of_plan(plan_code, after=after, limit=SETTLED_AT_ONCE)
        for row in rows:
            account = await BillingAccounts(db).lock(row.billing_account_id)
            await db.refresh(row)
            look = Look(row.look, Source(row.look_source), row.look_second)
            await settle_access(writing_of(billing, db, account, look), row)
        return (rows[-1].billing_account_id, rows[-1].id) if rows else None


def offer_catalog(billing: Billing) -> Reaction:
    async def offer(_occurrence: Occurrence) -> None:
        await push(billing.database, billing.gateway, await billing.stripe_account_id())

    return Reaction(prepare=offer, apply=nothing_more)


def cancel_of_closed_account(billing: Billing) -> Reaction:
    """Nobody is charged for an account that they closed; who came back meanwhile goes on."""

    async def cancel(occurrence: Occurrence) -> None:
        async with billing.database.read() as db:
            user = await find_user(db, occurrence.data["user_id"])
        if user is not None and not user.is_active:
            await cancel_all_at_period_end(billing, user.id)

    return Reaction(prepare=cancel, apply=nothing_more)


async def nothing_more(_db: AsyncSession, _occurrence: Occurrence, _prepared: object) -> None:
    """The look has written what it found."""
