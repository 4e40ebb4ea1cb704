from collections.abc import Sequence
from decimal import Decimal

from stripe_simulator.money import display, times
from stripe_simulator.objects.invoice_item import pricing
from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json


def invoice(
    id_: str, *, customer: Json, currency: str, account_name: str, country: str, now: int
) -> Json:
    """A draft without lines."""
    return {
        "id": id_,
        "object": "invoice",
        "account_country": country,
        "account_name": account_name,
        "account_tax_ids": None,
        "amount_due": 0,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": now,
        "currency": currency,
        "custom_fields": customer["invoice_settings"]["custom_fields"],
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": customer["shipping"],
        "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": customer["invoice_settings"]["footer"],
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": list_of([], url=f"/v1/invoices/{id_}/lines"),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": 0,
        "subtotal_excluding_tax": 0,
        "test_clock": None,
        "total": 0,
        "total_discount_amounts": [],
        "total_excluding_tax": 0,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }


def subscription_line(
    id_: str, *, invoice: str, item: Json, product_name: str, metadata: Json, free: bool = False
) -> Json:
    """One period of one item; `free` during a trial. Amounts in minor units."""
    price = item["price"]
    amount = 0 if free else times(Decimal(price["unit_amount_decimal"]), item["quantity"])
    return line(
        id_,
        invoice=invoice,
        currency=price["currency"],
        pricing=pricing(price, "0" if free else price["unit_amount_decimal"]),
        quantity=item["quantity"],
        amount=amount,
        description=described(item, product_name, free=free),
        period={"start": item["current_period_start"], "end": item["current_period_end"]},
        parent={
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": item["subscription"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        metadata=metadata,
        subscription=item["subscription"],
        discounts=item["discounts"],
    )


def described(item: Json, product_name: str, *, free: bool) -> str:
    """`1 x Pro (at € 12.00 / month)`, or what Stripe writes on the invoice of a trial."""
    if free:
        return f"Trial period for {product_name}"
    price, recurring = item["price"], item["price"]["recurring"]
    count = recurring["interval_count"]
    every = recurring["interval"] if count == 1 else f"every {count} {recurring['interval']}s"
    unit = display(price["unit_amount"] or 0, price["currency"])
    return f"{item['quantity']} × {product_name} (at {unit} / {every})"  # noqa: RUF001


def line(
    id_: str,
    *,
    invoice: str,
    currency: str,
    pricing: Json,
    quantity: int,
    amount: int,
    description: str | None,
    period: Json,
    parent: Json | None,
    metadata: Json,
    subscription: str | None = None,
    discounts: Sequence[str] = (),
) -> Json:
    return {
        "id": id_,
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "description": description,
        "discount_amounts": [],
        "discountable": True,
        "discounts": list(discounts),
        "invoice": invoice,
        "livemode": False,
        "metadata": metadata,
        "parent": parent,
        "period": period,
        "pretax_credit_amounts": [],
        "pricing": pricing,
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subscription": subscription,
        "subtotal": amount,
        "taxes": [],
    }


def invoice_payment(id_: str, invoice: Json, *, payment_intent: str, now: int) -> Json:
    return {
        "id": id_,
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": payment_intent, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
