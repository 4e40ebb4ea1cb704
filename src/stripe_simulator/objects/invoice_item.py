from collections.abc import Sequence

from stripe_simulator.shapes import Json


def invoice_item(
    id_: str,
    *,
    customer: str,
    currency: str,
    amount: int,
    description: str | None,
    quantity: int,
    period: Json,
    now: int,
    price: Json | None = None,
    unit_amount_decimal: str | None = None,
    subscription: str | None = None,
    subscription_item: str | None = None,
    proration: bool = False,
    credited: Json | None = None,
    discountable: bool = True,
    metadata: Json | None = None,
    tax_rates: Sequence[Json] = (),
) -> Json:
    """Pending until an invoice takes it. `credited`: the invoice and lines of an unused time."""
    parent: Json | None = None
    if subscription:
        parent = {
            "subscription_details": {"subscription": subscription},
            "type": "subscription_details",
        }
        if subscription_item:
            parent["subscription_details"]["subscription_item"] = subscription_item
    return {
        "id": id_,
        "object": "invoiceitem",
        "amount": amount,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "date": now,
        "description": description,
        "discountable": discountable,
        "discounts": [],
        "frozen_fields": [],
        "invoice": None,
        "invoicing_rules": [],
        "livemode": False,
        "metadata": metadata or {},
        "net_amount": amount,
        "parent": parent,
        "period": period,
        "pricing": pricing(price, unit_amount_decimal),
        "proration": proration,
        "proration_details": {
            "credited_items": {"invoice_line_item_details": credited, "type": "invoice_line_items"}
            if credited
            else None,
            "discount_amounts": [],
        },
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "tax_rates": list(tax_rates),
        "test_clock": None,
    }


def pricing(price: Json | None, unit_amount_decimal: str | None) -> Json:
    shown: Json = {"type": "price_details", "unit_amount_decimal": unit_amount_decimal}
    if price:
        shown["price_details"] = {"price": price["id"], "product": price["product"]}
    return shown
