"""What is owed is tried at once, with whatever card is there now."""

from collections.abc import Iterable

from admit.billing.context import Billing
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.recovery.models import Standing
from admit.billing.recovery.repository import Recoveries

NEEDS_ACTION = "invoice_payment_intent_requires_action"
"""https://docs.stripe.com/error-codes#invoice-payment-intent-requires-action"""


async def pay_what_is_owed(
    billing: Billing, billing_account_id: str, *, key: str, card: str | None = None
) -> Standing:
    """With this card, else with the one that each invoice is charged to anyway.

    `key` is of a committed row: trying again is the same attempt.

    Raises `GatewayUnavailable`.
    """
    async with billing.database.read() as db:
        owed = [row.id for row in await Recoveries(db).owed(billing_account_id)]
    return _worst([await _pay(billing, invoice_id, card, key=key) for invoice_id in owed])


async def _pay(billing: Billing, invoice_id: str, card: str | None, *, key: str) -> Standing:
    """Stripe takes no invoice's money twice: one that was paid meanwhile is refused."""
    standing = Standing.paid
    asked = {"payment_method": card} if card else {}
    try:
        await billing.gateway.post(
            f"/v1/invoices/{invoice_id}/pay", asked, key=f"{key}:{invoice_id}"
        )
    except GatewayRefused as refusal:
        needs_action = refusal.stripe_code == NEEDS_ACTION
        standing = Standing.action if needs_action else Standing.declined
    await reconcile(billing, ObjectRef("invoice", invoice_id))
    async with billing.database.read() as db:
        invoice = await Recoveries(db).invoice(invoice_id)
    if invoice is None:
        return standing
    if invoice.subscription_id is not None:
        await reconcile(billing, ObjectRef("subscription", invoice.subscription_id))
    return standing if invoice.status == "open" else Standing.paid


def _worst(found: Iterable[Standing]) -> Standing:
    order = (Standing.declined, Standing.action, Standing.paid)
    seen = set(found)
    return next((standing for standing in order if standing in seen), Standing.saved)
