from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.payment_methods.models import PaymentMethod
from admit.billing.subscriptions.models import Subscription


class PaymentMethods:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def charged_for(self, subscription: Subscription) -> PaymentMethod | None:
        """What its renewals are paid with: its own, or the customer's by default."""
        chosen = subscription.default_payment_method_id
        if chosen is None:
            account = await self.db.get_one(BillingAccount, subscription.billing_account_id)
            chosen = account.default_payment_method_id
        method = await self.db.get(PaymentMethod, chosen) if chosen else None
        return None if method is None or method.ended else method
