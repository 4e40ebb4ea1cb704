"""What every mail about money has in common; each slice writes its own in its `letters`."""

from datetime import datetime

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.service import find_user
from admit.billing.catalog import service as catalog
from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.models import MirrorRow
from admit.billing.subscriptions.models import Subscription
from admit.core.events import Occurrence
from admit.core.mail import Letter, queue_mail


class NotMirroredYet(Exception):
    """The fact was written before what it is about; the letter waits a moment."""


class Postroom:
    def __init__(self, billing: Billing, templates: Environment) -> None:
        self._billing = billing
        self._templates = templates

    async def _subscription(self, db: AsyncSession, subscription_id: str) -> Subscription:
        """Raises `NotMirroredYet`."""
        subscription = await db.get(Subscription, subscription_id)
        if subscription is None:
            raise NotMirroredYet(subscription_id)
        return subscription

    async def _is_history(self, db: AsyncSession, row: MirrorRow, at: datetime | None) -> bool:
        """Whether it happened before the customer was ours: then nobody is written to."""
        account = await db.get_one(BillingAccount, row.billing_account_id)
        return at is not None and account.history_until is not None and at <= account.history_until

    async def _plan_name(self, db: AsyncSession, subscription: Subscription) -> str:
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        return plan.name if plan else "your plan"

    async def _send(
        self,
        db: AsyncSession,
        occurrence: Occurrence,
        template: str,
        subject: str,
        **words: object,
    ) -> None:
        user = await find_user(db, occurrence.data["user_id"])
        if user is not None:
            await self._send_to(db, user, template, subject, **words)

    async def _send_to(
        self, db: AsyncSession, user: User, template: str, subject: str, **words: object
    ) -> None:
        settings = self._billing.settings
        context = {
            "site_name": settings.admit_site_name,
            "site_url": settings.public_url,
            "account_url": f"{settings.public_url}/account",
            "pricing_url": f"{settings.public_url}/pricing",
            "first_name": user.first_name,
            **words,
        }
        name = f"billing/mail/{template}"
        letter = Letter(
            kind=f"billing.{template}",
            recipient=user.email,
            subject=subject.format(**words),
            text=self._templates.get_template(f"{name}.txt").render(context),
            html=self._templates.get_template(f"{name}.html").render(context),
        )
        await queue_mail(db, self._billing.vault, letter, now=self._billing.clock.wall())
