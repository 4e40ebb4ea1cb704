"""A payment failed: the card is replaced on Stripe's page, or tried again, and what is owed is
paid at once. The card never passes through here.
"""

from typing import Any

from admit.accounts.person import Person
from admit.billing.context import Billing
from admit.billing.customers.service import ensure_customer, open_billing_account
from admit.billing.reconciliation.mirrors import ObjectRef
from admit.billing.reconciliation.service import reconcile
from admit.billing.recovery.models import Recovery, Standing
from admit.billing.recovery.paying import pay_what_is_owed
from admit.billing.recovery.repository import Recoveries
from admit.core.ids import new_id


async def open_card_page(billing: Billing, person: Person) -> str:
    """Where another card is typed. Raises `GatewayUnavailable`."""
    account = await open_billing_account(billing, person)
    customer_id = await ensure_customer(billing, account, person)
    recovery = await _begin(billing, account.id)
    base = f"{billing.settings.public_url}/account/billing"
    session = await billing.gateway.post(
        "/v1/checkout/sessions",
        {
            "mode": "setup",
            "ui_mode": "hosted_page",
            "customer": customer_id,
            "currency": await _currency(billing, account.id),
            "client_reference_id": recovery.id,
            "success_url": f"{base}/card/return?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{base}/fix",
        },
        key=f"recovery:{recovery.id}",
    )
    async with billing.database.write() as db:
        (await Recoveries(db).by_id(recovery.id)).stripe_session_id = str(session["id"])
    return str(session["url"])


async def _currency(billing: Billing, billing_account_id: str) -> str:
    """Stripe asks for one where ways to pay depend on it; that of the newest invoice."""
    async with billing.database.read() as db:
        return await Recoveries(db).currency(billing_account_id) or "eur"


async def try_again(billing: Billing, person: Person) -> Standing:
    """Raises `GatewayUnavailable`."""
    account = await open_billing_account(billing, person)
    recovery = await _begin(billing, account.id)
    standing = await pay_what_is_owed(billing, account.id, key=f"recovery:{recovery.id}")
    await _end(billing, recovery.id, standing)
    return standing


async def adopt_card(billing: Billing, recovery_id: str) -> None:
    """The saved card becomes the person's, also of their subscriptions, and pays what is owed.

    Each request is keyed by the row, so that it may be called again after a crash.
    Raises `GatewayUnavailable`.
    """
    async with billing.database.read() as db:
        recovery = await Recoveries(db).by_id(recovery_id)
    if recovery.done_at is not None or recovery.stripe_session_id is None:
        return
    card = await _saved_card(billing, recovery.stripe_session_id)
    if card is None:
        return
    await _make_default(billing, recovery, card)
    key = f"recovery:{recovery_id}:pay"
    standing = await pay_what_is_owed(billing, recovery.billing_account_id, key=key, card=card)
    await _end(billing, recovery_id, standing)


async def _saved_card(billing: Billing, session_id: str) -> str | None:
    asked = {"expand": ["setup_intent"]}
    session = await billing.gateway.get(f"/v1/checkout/sessions/{session_id}", asked)
    intent: dict[str, Any] = session["setup_intent"] or {}
    card = intent.get("payment_method")
    return str(card) if session["status"] == "complete" and card else None


async def _make_default(billing: Billing, recovery: Recovery, card: str) -> None:
    async with billing.database.read() as db:
        customer_id = await Recoveries(db).customer_id(recovery.billing_account_id)
        own = await Recoveries(db).with_a_card_of_their_own(recovery.billing_account_id)
    await billing.gateway.post(
        f"/v1/customers/{customer_id}",
        {"invoice_settings": {"default_payment_method": card}},
        key=f"recovery:{recovery.id}:customer",
    )
    for subscription_id in own:
        await billing.gateway.post(
            f"/v1/subscriptions/{subscription_id}",
            {"default_payment_method": card},
            key=f"recovery:{recovery.id}:{subscription_id}",
        )
    await reconcile(billing, ObjectRef("customer", str(customer_id)))


async def _begin(billing: Billing, billing_account_id: str) -> Recovery:
    async with billing.database.write() as db:
        recovery = Recovery(
            id=new_id("rec"),
            billing_account_id=billing_account_id,
            standing=Standing.waiting,
            created_at=billing.clock.wall(),
        )
        db.add(recovery)
        return recovery


async def _end(billing: Billing, recovery_id: str, standing: Standing) -> None:
    async with billing.database.write() as db:
        recovery = await Recoveries(db).by_id(recovery_id)
        recovery.standing = standing
        recovery.done_at = billing.clock.wall()
