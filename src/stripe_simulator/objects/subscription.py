from stripe_simulator.objects.catalog import plan, shown_inside
from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json

NOT_CANCELED = {"comment": None, "feedback": None, "feedback_option": None, "reason": None}


def subscription(id_: str, *, customer: str, currency: str, items: list[Json], now: int) -> Json:
    """A subscription before it has begun: `incomplete`, anchored now, without an invoice."""
    return {
        "id": id_,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {
            "flexible": {"proration_discounts": "included"},
            "type": "flexible",
            "updated_at": now,
        },
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": dict(NOT_CANCELED),
        "collection_method": "charge_automatically",
        "created": now,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        "items": list_of(items, url=f"/v1/subscription_items?subscription={id_}"),
        "latest_invoice": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": now,
        "status": "incomplete",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": trial_settings({"end_behavior": {}}),
        "trial_start": None,
    }


def trial_settings(given: Json) -> Json:
    """What follows the end of a trial."""
    usual = {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}
    return {"end_behavior": usual | given["end_behavior"]}


def subscription_item(
    id_: str,
    *,
    subscription: str,
    price: Json,
    quantity: int,
    metadata: Json,
    tax_rates: list[Json],
    now: int,
) -> Json:
    """Its period is set when the subscription begins; what is metered has no quantity."""
    item: Json = {
        "id": id_,
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": now,
        "current_period_start": now,
        "current_trial": None,
        "discounts": [],
        "metadata": metadata,
        "plan": plan(price),
        "price": shown_inside(price),
        "quantity": quantity,
        "subscription": subscription,
        "tax_rates": tax_rates,
    }
    if price["recurring"]["usage_type"] == "metered":
        item.pop("quantity")
    return item


def set_price(item: Json, price: Json) -> None:
    item["price"], item["plan"] = shown_inside(price), plan(price)
    if price["recurring"]["usage_type"] == "metered":
        item.pop("quantity", None)
    else:
        item.setdefault("quantity", 1)
