"""What subscription schedules take, and the phases that it makes."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources import discounts, subscription_changes
from stripe_simulator.api.resources.price_fields import INTERVALS
from stripe_simulator.api.resources.subscription_fields import PRICE_DATA, PRORATION
from stripe_simulator.billing import schedules
from stripe_simulator.errors import invalid
from stripe_simulator.objects import schedule as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

DURATION = p.hash_of(
    {"interval": INTERVALS, "interval_count": p.between(1, 1095)}, required=("interval",)
)
PHASE = p.hash_of(
    {
        "description": p.text,
        "discounts": discounts.GIVEN,
        "duration": DURATION,
        "end_date": p.now_or_moment,
        "items": p.array(
            p.hash_of(
                {
                    "metadata": p.metadata,
                    "price": p.filled,
                    "price_data": PRICE_DATA,
                    "quantity": p.between(0, p.MOST_QUANTITY),
                    **names(p.unsupported, "billing_thresholds", "discounts", "plan", "tax_rates"),
                }
            )
        ),
        "metadata": p.metadata,
        "proration_behavior": PRORATION,
        "start_date": p.now_or_moment,
        **names(
            p.unsupported,
            "add_invoice_items",
            "application_fee_percent",
            "automatic_tax",
            "billing_cycle_anchor",
            "billing_thresholds",
            "collection_method",
            "currency",
            "default_payment_method",
            "default_tax_rates",
            "invoice_settings",
            "on_behalf_of",
            "transfer_data",
            "trial",
            "trial_end",
        ),
    },
    required=("items",),
)
COMMON = {
    "default_settings": p.unsupported,
    "end_behavior": p.choice("cancel", "release"),
    "metadata": p.metadata,
    "pause_schedules": p.unsupported,
    "phases": p.array(PHASE),
}
NEW = {
    **COMMON,
    **names(p.filled, "customer", "from_subscription"),
    "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
    "customer_account": p.unsupported,
    "start_date": p.now_or_moment,
}
CHANGES = {**COMMON, "proration_behavior": PRORATION}


def phases_from(tx: Transaction, given: list[Json], *, start: int) -> list[Json]:
    """Phases without a gap, each with the seconds at which it begins and ends."""
    if not given:
        raise invalid("A schedule has at least one phase.", param="phases")
    phases: list[Json] = []
    for index, params in enumerate(given):
        begins = phases[-1]["end_date"] if phases else start
        phases.append(phase_from(tx, params, begins=begins, path=f"phases[{index}]"))
    return phases


def phase_from(tx: Transaction, params: Json, *, begins: int, path: str) -> Json:
    items = [
        item_from(tx, item, f"{path}[items][{index}]") for index, item in enumerate(params["items"])
    ]
    if not items:
        raise invalid("A phase has at least one item.", param=f"{path}[items]")
    prices = [tx.need("price", item["price"]) for item in items]
    subscription_changes.check_alike(tx, prices, currency=prices[0]["currency"])
    given = params.get("start_date")
    if given not in (None, "now", begins):
        raise invalid("Phases follow each other without a gap.", param=f"{path}[start_date]")
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    return built.phase(
        params,
        items=items,
        currency=prices[0]["currency"],
        start=begins,
        end=end_of(tx, params, prices[0], begins=begins, path=path),
    )


def end_of(tx: Transaction, params: Json, price: Json, *, begins: int, path: str) -> int:
    """A date, a duration, or one period of the price."""
    if "end_date" in params and "duration" in params:
        raise invalid("Give one of end_date, duration.", param=f"{path}[end_date]")
    if "end_date" in params:
        end: int = tx.now if params["end_date"] == "now" else params["end_date"]
        if end <= begins:
            raise invalid("A phase ends after it begins.", param=f"{path}[end_date]")
        return end
    lasts = params.get("duration") or price["recurring"]
    count = lasts.get("interval_count", 1)
    return schedules.phase_end(begins, interval=lasts["interval"], count=count)


def item_from(tx: Transaction, item: Json, path: str) -> Json:
    price = subscription_changes.price_of(tx, item, path)
    if price is None:
        raise invalid(f"Missing required param: {path}[price].", param=f"{path}[price]")
    metadata = p.new_metadata(item.get("metadata", {}))
    return built.phase_item(price, quantity=item.get("quantity", 1), metadata=metadata)
