from collections.abc import Mapping
from typing import Any

from admit.billing.payment_methods.models import PaymentMethod
from admit.billing.reconciliation.mirrors import MirrorOf, Shape, Writing
from admit.billing.reconciliation.reading import id_of


class PaymentMethodMirror(MirrorOf[PaymentMethod]):
    table = PaymentMethod

    def path(self, object_id: str) -> str:
        return f"/v1/payment_methods/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """One that was detached is nobody's, and cannot be attached again
        (https://docs.stripe.com/api/payment_methods/detach).

        It does not say whether its customer lives by a test clock, so that it is always fetched.
        """
        card = payload.get("card") or {}
        owner = id_of(payload["customer"])
        return Shape(
            id=payload["id"],
            customer_id=owner,
            ended=owner is None,
            complete=False,
            on_test_clock=False,
            values={
                "type": payload["type"],
                "brand": card.get("brand"),
                "last4": card.get("last4") or _last4(payload),
                "exp_month": card.get("exp_month"),
                "exp_year": card.get("exp_year"),
            },
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        await self.put(writing, shape)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await self.put_deleted(writing, object_id)


def _last4(payload: Mapping[str, Any]) -> str | None:
    """Of a bank account, say."""
    details = payload.get(payload["type"]) or {}
    return details.get("last4")
