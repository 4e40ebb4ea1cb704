"""The part of a period between a beginning and the anchor, from which full periods are counted.

docs.stripe.com/billing/subscriptions/billing-cycle: it is charged in proportion, or free. A trial
that ends before the anchor is followed by such a part, too.
"""

from collections.abc import Sequence
from decimal import Decimal

from stripe_simulator.billing import discounts, drafts, item_periods, pricing, prorations
from stripe_simulator.billing.item_periods import Due
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def keeps_anchor(subscription: Json) -> bool:
    """Whether the end of the trial leaves the rhythm as it is."""
    behavior = subscription["trial_settings"]["end_behavior"]["billing_cycle_anchor"]
    return bool(behavior == "unchanged")


def charge(tx: Transaction, subscription: Json, items: Sequence[Json]) -> None:
    """Pending charges for these items, from now to the end of their period.

    Where nothing is charged, no coupon is used up.
    """
    if not items:
        return
    everything = subscription["items"]["data"]
    amounts = {item["id"]: whole_amount(tx, subscription, item) for item in everything}
    nets, used = discounts.net_prices(tx, subscription, amounts)
    for item in items:
        if not pricing.is_metered(item["price"]):
            prorations.charge(
                tx,
                subscription,
                item,
                product=drafts.product_name(tx, item["price"]),
                net=Decimal(nets[item["id"]]),
                at=tx.now,
                start=item_periods.whole_start(subscription, item),
            )
    discounts.consume(tx, subscription, used)


def whole_amount(tx: Transaction, subscription: Json, item: Json) -> int:
    if pricing.is_metered(item["price"]):
        return 0
    return pricing.total(tx, item["price"], item["quantity"], subscription["currency"])


def after_trial(tx: Transaction, subscription: Json, due: Sequence[Due]) -> list[Due]:
    """Charges what is no whole period; answers with the items that are to be billed as usual."""
    parts = [
        one.item
        for one in due
        if item_periods.whole_start(subscription, one.item) < one.item["current_period_start"]
    ]
    if not subscription.pop("_free_until_anchor", False):
        charge(tx, subscription, parts)
    return [one for one in due if one.item not in parts or pricing.is_metered(one.item["price"])]
