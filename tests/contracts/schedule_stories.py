"""Schedules: made, made from a subscription, changed, let go, ended. With the official SDK."""

from typing import Any

from stripe import StripeClient

from tests.contracts.billing_stories import customer_with_card, price
from tests.contracts.stories import DAY, Advance, Catalogue


def tell_all(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    adele = customer_with_card(api, "adele")
    schedules = api.v1.subscription_schedules
    big = price(api, goods, 5000)
    made = schedules.create(
        {
            "customer": adele,
            "phases": [{"items": [{"price": goods.pro}]}, {"items": [{"price": big}]}],
            "end_behavior": "cancel",
            "metadata": {"of": "Adele"},
        }
    )
    schedules.retrieve(made.id, {"expand": ["subscription", "customer"]})
    schedules.list({"customer": adele})
    advance(65 * DAY)
    say_more(api, goods, adele, advance)
    begun = api.v1.subscriptions.create({"customer": adele, "items": [{"price": goods.pro}]})
    taken = schedules.create({"from_subscription": begun.id})
    first = taken.phases[0]
    schedules.update(
        taken.id,
        {
            "phases": [
                {
                    "items": [{"price": goods.pro, "quantity": 1}],
                    "start_date": first.start_date,
                    "end_date": first.end_date,
                },
                {"items": [{"price": big, "quantity": 2}]},
            ]
        },
    )
    schedules.release(taken.id)
    api.v1.subscriptions.cancel(begun.id)
    ended = schedules.create(
        {"customer": adele, "phases": [{"items": [{"price": goods.pro}]}], "start_date": "now"}
    )
    schedules.cancel(ended.id)
    left = schedules.create({"customer": adele, "phases": [{"items": [{"price": goods.pro}]}]})
    api.v1.subscriptions.cancel(str(left.subscription))


def say_more(api: StripeClient, goods: Catalogue, customer: str, advance: Advance) -> None:
    """Trials, fees, taxes, coupons of items, invoices that are sent."""
    tax = api.v1.tax_rates.create({"display_name": "Tax", "percentage": 5, "inclusive": False}).id
    coupon = api.v1.coupons.create({"percent_off": 5, "duration": "forever"}).id
    item: Any = {"price": goods.pro, "tax_rates": [tax], "discounts": [{"coupon": coupon}]}
    made = api.v1.subscription_schedules.create(
        {
            "customer": customer,
            "default_settings": {
                "collection_method": "send_invoice",
                "invoice_settings": {"days_until_due": 7},
                "description": "Two phases",
            },
            "end_behavior": "cancel",
            "phases": [
                {"items": [item], "trial": True},
                {
                    "items": [item],
                    "add_invoice_items": [{"price": goods.book, "tax_rates": [tax]}],
                    "automatic_tax": {"enabled": False},
                    "billing_cycle_anchor": "phase_start",
                    "default_tax_rates": [tax],
                },
            ],
        }
    )
    advance(32 * DAY)
    api.v1.subscription_schedules.list({"scheduled": True, "released_at": {"gte": 0}})
    api.v1.subscription_schedules.release(made.id, {"preserve_cancel_date": True})
    api.v1.subscriptions.cancel(str(made.subscription))
