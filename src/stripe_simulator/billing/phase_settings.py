"""What a phase says of its subscription besides the items.

A phase has its own word, or the default of its schedule; where both say nothing, the subscription
stays as it is. Metadata is added to what is there.
"""

from stripe_simulator.billing import pricing
from stripe_simulator.objects.invoice_item import invoice_item
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

PLAIN = ("automatic_tax", "collection_method", "default_payment_method", "description")


def members(schedule: Json, phase: Json) -> Json:
    """Members of the subscription while the phase lasts."""
    defaults = schedule.get("_defaults") or {}
    said = {name: phase.get(name) or defaults.get(name) for name in PLAIN}
    chosen = {name: value for name, value in said.items() if value is not None}
    if "collection_method" in chosen:
        sends = chosen["collection_method"] == "send_invoice"
        settings = phase["invoice_settings"] or defaults.get("invoice_settings") or {}
        chosen["days_until_due"] = settings.get("days_until_due") if sends else None
    return chosen | {"default_tax_rates": list(phase["default_tax_rates"])}


def begins_anew(schedule: Json, phase: Json) -> bool:
    """Whether full periods are counted from the beginning of the phase."""
    chosen = phase["billing_cycle_anchor"] or schedule["default_settings"]["billing_cycle_anchor"]
    return bool(chosen == "phase_start")


def extras(tx: Transaction, phase: Json, *, customer: str) -> list[Json]:
    """Invoice items of what is bought once; not kept yet."""
    return [
        extra(tx, one, customer=customer, currency=phase["currency"])
        for one in phase["add_invoice_items"]
    ]


def extra(tx: Transaction, one: Json, *, customer: str, currency: str) -> Json:
    price = tx.need("price", one["price"])
    product = tx.get(price["product"], "product") or {}
    return invoice_item(
        tx.new_id("invoiceitem"),
        customer=customer,
        currency=currency,
        amount=pricing.total(tx, price, one["quantity"], currency),
        description=product.get("name"),
        quantity=one["quantity"],
        period={"start": tx.now, "end": tx.now},
        now=tx.now,
        price=price,
        unit_amount_decimal=pricing.terms(tx, price, currency).get("unit_amount_decimal"),
        discountable=one["discountable"] is not False,
        metadata=one["metadata"],
        tax_rates=one["tax_rates"],
    )
