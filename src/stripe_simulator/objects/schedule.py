"""Subscription schedules: what a subscription is to be, phase after phase."""

from collections.abc import Sequence

from stripe_simulator.shapes import Json

INVOICE_SETTINGS = {
    "account_tax_ids": None,
    "custom_fields": None,
    "days_until_due": None,
    "description": None,
    "footer": None,
    "issuer": {"type": "self"},
}


def schedule(
    id_: str, *, customer: str, phases: list[Json], end_behavior: str, metadata: Json, now: int
) -> Json:
    """Not started yet."""
    return {
        "id": id_,
        "object": "subscription_schedule",
        "application": None,
        "billing_mode": {
            "flexible": {"proration_discounts": "included"},
            "type": "flexible",
            "updated_at": now,
        },
        "canceled_at": None,
        "completed_at": None,
        "created": now,
        "current_phase": None,
        "customer": customer,
        "customer_account": None,
        "default_settings": {
            "application_fee_percent": None,
            "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
            "billing_cycle_anchor": "automatic",
            "billing_thresholds": None,
            "collection_method": "charge_automatically",
            "default_payment_method": None,
            "description": None,
            "invoice_settings": dict(INVOICE_SETTINGS),
            "on_behalf_of": None,
            "transfer_data": None,
        },
        "end_behavior": end_behavior,
        "livemode": False,
        "metadata": metadata,
        "pause_schedules": [],
        "phases": phases,
        "released_at": None,
        "released_subscription": None,
        "status": "not_started",
        "subscription": None,
        "test_clock": None,
    }


def phase(params: Json, *, items: list[Json], currency: str, start: int, end: int) -> Json:
    return {
        "add_invoice_items": [],
        "application_fee_percent": None,
        "billing_cycle_anchor": None,
        "billing_thresholds": None,
        "collection_method": None,
        "currency": currency,
        "default_payment_method": None,
        "default_tax_rates": [],
        "description": params.get("description"),
        "discounts": discounts(params.get("discounts", [])),
        "end_date": end,
        "invoice_settings": None,
        "items": items,
        "metadata": params.get("metadata", {}),
        "on_behalf_of": None,
        "proration_behavior": params.get("proration_behavior") or "create_prorations",
        "start_date": start,
        "transfer_data": None,
        "trial_end": None,
    }


def discounts(given: Sequence[Json]) -> list[Json]:
    return [{"coupon": None, "discount": None, "promotion_code": None, **one} for one in given]


def bought_once(
    price: Json,
    *,
    quantity: int,
    discountable: bool | None,
    metadata: Json,
    tax_rates: list[Json],
) -> Json:
    """What is bought once when its phase begins."""
    return {
        "discountable": discountable,
        "discounts": [],
        "metadata": metadata,
        "period": {"end": {"type": "min_item_period_end"}, "start": {"type": "phase_start"}},
        "price": price["id"],
        "quantity": quantity,
        "tax_rates": tax_rates,
    }


def phase_item(price: Json, *, quantity: int, metadata: Json) -> Json:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": metadata,
        "plan": price["id"],
        "price": price["id"],
        "quantity": quantity,
        "tax_rates": [],
    }
