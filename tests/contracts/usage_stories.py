"""What is measured, sold by tier and by package, and taxed. Told with the official SDK."""

from decimal import Decimal
from typing import Any

from stripe import StripeClient

from tests.contracts.billing_stories import customer_with_card
from tests.contracts.stories import DAY, Advance, Catalogue

TIERS: Any = [{"up_to": 5, "unit_amount": 700}, {"up_to": "inf", "flat_amount": 900}]


def measure(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """A meter, what it counts, and the invoice of a month's use."""
    meters = api.v1.billing.meters
    meter = meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": "sum"},
        }
    )
    meters.update(meter.id, {"display_name": "API calls"})
    meters.retrieve(meter.id)
    meters.list({"status": "active"})
    who = customer_with_card(api, "edith")
    used = api.v1.subscriptions.create(
        {"customer": who, "items": [{"price": metered(api, goods, meter.id)}]}
    )
    assert used.latest_invoice is None
    for value in ("40", "2.5", "1000"):
        use(api, who, value)
    api.v1.billing.meter_event_adjustments.create(
        {"event_name": "calls", "type": "cancel", "cancel": {"identifier": f"{who}:1000"}}
    )
    _look_at_usage(api, meter.id, who)
    advance(32 * DAY)
    billed = api.v1.invoices.list({"subscription": used.id}).data[0]
    assert [line.quantity_decimal for line in billed.lines.data] == [Decimal("42.5")]
    api.v1.subscriptions.cancel(used.id, {"invoice_now": True})
    meters.deactivate(meter.id)
    meters.reactivate(meter.id)


def use(api: StripeClient, who: str, value: str) -> None:
    api.v1.billing.meter_events.create(
        {
            "event_name": "calls",
            "payload": {"stripe_customer_id": who, "value": value},
            "identifier": f"{who}:{value}",
        }
    )


def metered(api: StripeClient, goods: Catalogue, meter: str) -> str:
    made = api.v1.prices.create(
        {
            "product": goods.product,
            "currency": "eur",
            "unit_amount": 2,
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter},
        }
    )
    return made.id


def _look_at_usage(api: StripeClient, meter: str, who: str) -> None:
    now = api.v1.customers.retrieve(who).created // DAY * DAY
    summaries = api.v1.billing.meters.event_summaries
    asked: Any = {"customer": who, "start_time": now, "end_time": now + 40 * DAY}
    assert [one.aggregated_value for one in summaries.list(meter, asked).data] == [42.5]
    by_day = summaries.list(meter, asked | {"value_grouping_window": "day"})
    assert [one.aggregated_value for one in by_day.data] == [42.5]


def sell_by_tier(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    """Tiers and packages in two currencies; two intervals, and a fee, in one subscription."""
    common: Any = {"product": goods.product, "currency": "eur"}
    steps = tiered(api, goods)
    package = api.v1.prices.create(
        common
        | {
            "recurring": {"interval": "year"},
            "unit_amount": 5000,
            "transform_quantity": {"divide_by": 10, "round": "up"},
            "currency_options": {"usd": {"unit_amount": 6000}},
        }
    )
    who = customer_with_card(api, "mixed")
    begun = api.v1.subscriptions.create(
        {
            "customer": who,
            "currency": "usd",
            "items": [{"price": steps, "quantity": 7}, {"price": package.id, "quantity": 11}],
            "add_invoice_items": [
                {"price_data": {"product": goods.product, "currency": "usd", "unit_amount": 900}}
            ],
            "billing_cycle_anchor_config": {"day_of_month": 31},
            "expand": ["items.data.price.tiers", "latest_invoice"],
        }
    )
    advance(40 * DAY)
    api.v1.invoices.create_preview({"subscription": begun.id})
    api.v1.subscriptions.update(begun.id, {"cancel_at": "min_period_end"})
    api.v1.subscriptions.cancel(begun.id, {"prorate": True, "invoice_now": True})


def tiered(api: StripeClient, goods: Catalogue) -> str:
    made = api.v1.prices.create(
        {
            "product": goods.product,
            "currency": "eur",
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": TIERS,
            "currency_options": {"usd": {"tiers": TIERS}},
            "expand": ["tiers", "currency_options"],
        }
    )
    return made.id


def tax(api: StripeClient, goods: Catalogue) -> None:
    """Tax rates, on a subscription, on an item, on an invoice and its lines, and in a preview."""
    added = api.v1.tax_rates.create(
        {"display_name": "Sales tax", "percentage": 8.25, "inclusive": False, "country": "US"}
    )
    within = api.v1.tax_rates.create(
        {"display_name": "VAT", "percentage": 19, "inclusive": True, "tax_type": "vat"}
    )
    api.v1.tax_rates.update(within.id, {"metadata": {"of": "Germany"}})
    api.v1.tax_rates.retrieve(within.id)
    api.v1.tax_rates.list({"active": True, "inclusive": True})
    who = customer_with_card(api, "taxed")
    begun = api.v1.subscriptions.create(
        {
            "customer": who,
            "items": [{"price": goods.pro, "tax_rates": [within.id]}],
            "automatic_tax": {"enabled": False},
            "default_tax_rates": [added.id],
            "add_invoice_items": [{"price": goods.book}],
            "expand": ["latest_invoice"],
        }
    )
    api.v1.invoices.create_preview({"subscription": begun.id})
    item = begun.items.data[0].id
    api.v1.subscriptions.update(
        begun.id,
        {
            "items": [{"id": item, "quantity": 2}],
            "proration_behavior": "always_invoice",
            "default_tax_rates": "",
        },
    )
    api.v1.subscriptions.cancel(begun.id)
    _write_taxed(api, who, within.id, added.id)


def _write_taxed(api: StripeClient, who: str, within: str, added: str) -> None:
    """A draft whose lines have rates of their own; a part of it is credited."""
    draft = api.v1.invoices.create(
        {"customer": who, "currency": "eur", "default_tax_rates": [added]}
    )
    booked = api.v1.invoices.add_lines(
        str(draft.id), {"lines": [{"amount": 1000, "tax_rates": [within]}, {"amount": 500}]}
    )
    line = booked.lines.data[1].id
    api.v1.invoices.line_items.update(str(draft.id), line, {"tax_rates": ""})
    api.v1.invoices.pay(str(draft.id))
    part: Any = {"type": "invoice_line_item", "invoice_line_item": booked.lines.data[0].id}
    api.v1.credit_notes.create(
        {"invoice": str(draft.id), "lines": [part | {"amount": 100}], "credit_amount": 100}
    )


def search(api: StripeClient, goods: Catalogue) -> None:
    """Everything that has Stripe's search, in its query language."""
    recent: Any = {"query": "created>0 AND -metadata['nothing']:'x'", "limit": 3}
    assert api.v1.subscriptions.search(recent).data
    assert api.v1.invoices.search(recent).data
    assert api.v1.charges.search(recent).data
    assert api.v1.payment_intents.search(recent).data
    assert api.v1.products.search({"query": "active:'true'"}).data
    assert api.v1.prices.search({"query": f"product:'{goods.product}'"}).data


def tell_all(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    measure(api, goods, advance)
    sell_by_tier(api, goods, advance)
    tax(api, goods)
    search(api, goods)
