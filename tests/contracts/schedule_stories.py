"""Schedules: made, made from a subscription, changed, let go, ended. With the official SDK."""

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
