from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.people.service import staff_of
from admit.accounts.service import find_user
from admit.billing.disputes.models import Dispute
from admit.billing.letters import NotMirroredYet, Postroom
from admit.billing.payments.models import Payment
from admit.billing.refunds.models import Refund
from admit.core.events import Occurrence


class PaymentLetters(Postroom):
    """Of money that goes back: to whoever paid, and of disputes to staff."""

    async def refund(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        refund = await db.get_one(Refund, occurrence.data["refund_id"])
        if await self._is_history(db, refund, refund.created_at):
            return
        payment = await self._payment(db, refund.charge_id)
        is_whole = refund.amount == payment.amount
        await self._send(
            db,
            occurrence,
            "refund" if is_whole else "partial_refund",
            "Your money is on its way back",
            amount=refund.amount,
            paid=payment.amount,
            currency=refund.currency,
            paid_on=payment.created_at,
            history_url=self._history_url,
        )

    async def refund_failed(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        refund = await db.get_one(Refund, occurrence.data["refund_id"])
        if await self._is_history(db, refund, refund.created_at):
            return
        await self._send(
            db,
            occurrence,
            "refund_failed",
            "Your refund did not arrive",
            amount=refund.amount,
            currency=refund.currency,
        )

    async def dispute_opened(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        await self._tell_staff(db, occurrence, "dispute", "A payment is disputed")

    async def dispute_closed(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        await self._tell_staff(db, occurrence, "dispute_closed", "A dispute is over: {outcome}")

    async def _tell_staff(
        self, db: AsyncSession, occurrence: Occurrence, template: str, subject: str
    ) -> None:
        dispute = await db.get_one(Dispute, occurrence.data["dispute_id"])
        if await self._is_history(db, dispute, dispute.created_at):
            return
        person = await find_user(db, occurrence.data["user_id"])
        for member in await staff_of(db):
            await self._send_to(
                db,
                member,
                template,
                subject,
                email=person.email if person else "",
                amount=dispute.amount,
                currency=dispute.currency,
                cause=dispute.reason.replace("_", " "),
                respond_by=dispute.respond_by,
                outcome=occurrence.data.get("outcome", "open").replace("_", " "),
                dispute_id=dispute.id,
            )

    async def _payment(self, db: AsyncSession, charge_id: str | None) -> Payment:
        """Raises `NotMirroredYet`."""
        payment = await db.get(Payment, charge_id) if charge_id else None
        if payment is None:
            raise NotMirroredYet(charge_id)
        return payment

    @property
    def _history_url(self) -> str:
        return f"{self._billing.settings.public_url}/account/billing/history"
