"""What the API says of a payment. Amounts are in the currency's minor unit, times in UTC."""

from datetime import datetime

from pydantic import BaseModel

from admit.billing.invoices.standing import Standing
from admit.billing.payments.service import PaymentView


class RefundShown(BaseModel):
    id: str
    status: str
    """`pending`, `requires_action`, `succeeded`, `failed` or `canceled`."""
    amount: int
    created_at: datetime


class DisputeShown(BaseModel):
    id: str
    status: str
    """Stripe's: `needs_response`, `under_review`, `won`, `lost`, …"""
    amount: int
    created_at: datetime


class PaymentMethodShown(BaseModel):
    kind: str
    """Stripe's name for it: `card`, `sepa_debit`, …"""
    brand: str | None
    last4: str | None


class PaymentShown(BaseModel):
    id: str
    invoice_id: str | None
    status: Standing
    """`pending`, `failed`, `paid`, and what became of it since."""
    currency: str
    amount: int
    refunded: int
    method: PaymentMethodShown | None
    failure: str | None
    """What the bank said of an attempt that failed."""
    receipt_url: str | None
    created_at: datetime
    refunds: list[RefundShown]
    disputes: list[DisputeShown]


def payment_shown(view: PaymentView) -> PaymentShown:
    row = view.row
    method = PaymentMethodShown(kind=row.method or "", brand=row.brand, last4=row.last4)
    return PaymentShown(
        id=row.id,
        invoice_id=view.invoice_id,
        status=Standing(row.standing),
        currency=row.currency,
        amount=row.amount,
        refunded=row.refunded,
        method=method if row.method else None,
        failure=row.failure,
        receipt_url=row.receipt_url,
        created_at=row.created_at,
        refunds=[
            RefundShown(
                id=refund.id,
                status=refund.status,
                amount=refund.amount,
                created_at=refund.created_at,
            )
            for refund in view.refunds
        ],
        disputes=[
            DisputeShown(
                id=dispute.id,
                status=dispute.status,
                amount=dispute.amount,
                created_at=dispute.created_at,
            )
            for dispute in view.disputes
        ],
    )
