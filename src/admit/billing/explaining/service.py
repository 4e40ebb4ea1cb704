"""What a subscription's grant rests on: the plan, the invoice, its payment, and the event."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.explaining.chain import Link, Question, Wording
from admit.billing.catalog.service import plan_of_stripe_price
from admit.billing.explaining.repository import Evidence
from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions

CARD = "card"
PAID = ("invoice.paid", "invoice.payment_succeeded")
FAILED = ("invoice.payment_failed", "invoice.payment_action_required")


async def explain_subscription(
    db: AsyncSession, question: Question, wording: Wording
) -> Sequence[Link]:
    row = await Subscriptions(db).by_id(question.source_id)
    if row is None:
        return []
    links = [*await _plans(db, row, question, wording), _subscription(row, question.at, wording)]
    evidence = Evidence(db, question.at)
    paid, due = await evidence.paid_invoice(row.id), await evidence.due_invoice(row.id)
    if paid is not None:
        links += await _paid(evidence, paid, wording)
    if due is not None:
        links += await _due(evidence, due, wording)
    return links


async def _plans(
    db: AsyncSession, row: Subscription, question: Question, wording: Wording
) -> list[Link]:
    """As the subscription stands today; what it billed then stands on the invoice."""
    links = []
    for price_id in sorted({row.stripe_price_id, *await Subscriptions(db).price_ids(row.id)}):
        plan = await plan_of_stripe_price(db, price_id)
        if plan is not None and question.feature in plan.features:
            price = f"{wording.money(plan.amount, plan.currency)} {plan.period}"
            words = f"The plan {plan.name} ({price}) includes it."
            links.append(Link(kind="plan", words=words, ref=plan.price_code))
    return links


def _subscription(row: Subscription, at: datetime, wording: Wording) -> Link:
    began = wording.day(row.created_at)
    if row.ended_at is not None and row.ended_at <= at:
        words = f"The subscription ran from {began} until {wording.day(row.ended_at)}."
    elif row.trial_end is not None and at < row.trial_end:
        words = f"The subscription began on {began}; its trial lasts until "
        words += f"{wording.day(row.trial_end)}."
    else:
        words = f"The subscription began on {began}."
    return Link(kind="subscription", words=words, ref=row.id)


async def _paid(evidence: Evidence, invoice: Invoice, wording: Wording) -> list[Link]:
    words = f"{_named(invoice, wording)} is paid"
    if invoice.covers_until is not None:
        words += f", and pays until {wording.day(invoice.covers_until)}"
    links = [Link(kind="invoice", words=f"{words}.", ref=invoice.id)]
    payment = await evidence.payment(invoice.id)
    if payment is not None:
        amount = wording.money(payment.amount, payment.currency)
        by = f"by a card ending in {payment.last4}" if payment.method == CARD else "by your bank"
        words = f"{amount} were paid {by} on {wording.day(payment.created_at)}."
        links.append(Link(kind="payment", words=words, ref=payment.id))
    return [*links, *await _told(evidence, invoice, PAID, wording)]


async def _due(evidence: Evidence, invoice: Invoice, wording: Wording) -> list[Link]:
    words = f"{_named(invoice, wording)} is not paid yet."
    link = Link(kind="invoice", words=words, ref=invoice.id)
    return [link, *await _told(evidence, invoice, FAILED, wording)]


def _named(invoice: Invoice, wording: Wording) -> str:
    number = invoice.number or "without a number"
    return f"The invoice {number} of {wording.money(invoice.total, invoice.currency)}"


async def _told(
    evidence: Evidence, invoice: Invoice, names: Sequence[str], wording: Wording
) -> list[Link]:
    event = await evidence.event(invoice.id, names)
    if event is None:
        return []
    words = f"Stripe told us so on {wording.moment(event.received_at)}."
    return [Link(kind="event", words=words, ref=event.id.removeprefix("stripe:"))]
