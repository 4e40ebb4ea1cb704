"""Phases of a schedule, from what was asked for."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.resources import invoice_item_fields, subscription_changes
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.api.resources.subscription_settings import own_method
from stripe_simulator.api.resources.tax_fields import automatic, rates
from stripe_simulator.billing import schedules
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import schedule as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import switched


def phases_from(tx: Transaction, given: list[Json], customer: Json, *, start: int) -> list[Json]:
    """Phases without a gap, each with the seconds at which it begins and ends."""
    if not given:
        raise invalid("A schedule has at least one phase.", param="phases")
    phases: list[Json] = []
    for index, params in enumerate(given):
        begins = phases[-1]["end_date"] if phases else start
        phases.append(phase_from(tx, params, customer, begins=begins, path=f"phases[{index}]"))
    return phases


def phase_from(tx: Transaction, params: Json, customer: Json, *, begins: int, path: str) -> Json:
    items = [
        item_from(tx, item, f"{path}[items][{index}]") for index, item in enumerate(params["items"])
    ]
    if not items:
        raise invalid("A phase has at least one item.", param=f"{path}[items]")
    prices = [tx.need("price", item["price"]) for item in items]
    chosen = currency(params.get("currency") or prices[0]["currency"])
    subscription_changes.check_alike(tx, prices, currency=chosen)
    given = params.get("start_date")
    if given not in (None, "now", begins):
        raise invalid("Phases follow each other without a gap.", param=f"{path}[start_date]")
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    ends = end_of(tx, params, prices[0], begins=begins, path=path)
    phase = built.phase(params, items=items, currency=chosen, start=begins, end=ends)
    extras = [
        extra_from(tx, extra, f"{path}[add_invoice_items][{index}]")
        for index, extra in enumerate(params.get("add_invoice_items", []))
    ]
    return phase | {
        "add_invoice_items": extras,
        "default_tax_rates": rates(
            tx, params.get("default_tax_rates", []), f"{path}[default_tax_rates]"
        ),
        "trial_end": trial_end(tx, params, begins=begins, ends=ends, path=path),
        **settings(tx, params, customer),
    }


def settings(tx: Transaction, params: Json, customer: Json) -> Json:
    """What is said of collecting and taxes; by the names that phases and defaults have for it."""
    chosen: Json = {
        name: params[name]
        for name in ("billing_cycle_anchor", "collection_method", "description")
        if name in params
    }
    if params.get("default_payment_method"):
        chosen["default_payment_method"] = own_method(
            tx, params["default_payment_method"], customer
        )
    if "invoice_settings" in params:
        chosen["invoice_settings"] = built.INVOICE_SETTINGS | params["invoice_settings"]
    wanted = automatic(tx, params)
    if wanted is not None:
        chosen["automatic_tax"] = switched(on=wanted)
    sends = chosen.get("collection_method") == "send_invoice"
    if sends and (chosen.get("invoice_settings") or {}).get("days_until_due") is None:
        raise invalid(
            "If invoices are sent to the customer, invoice_settings[days_until_due] must be given.",
            param="invoice_settings[days_until_due]",
        )
    return chosen


def trial_end(tx: Transaction, params: Json, *, begins: int, ends: int, path: str) -> int | None:
    """`trial`: the whole phase is free. Errors: 400 for an end that is not within it."""
    given = params.get("trial_end")
    if params.get("trial"):
        if given is not None:
            raise invalid("You may only specify one of trial, trial_end.", param=f"{path}[trial]")
        return ends
    if given is None:
        return None
    moment = tx.now if given == "now" else int(given)
    if not begins <= moment <= ends:
        raise invalid("The trial ends within its phase.", param=f"{path}[trial_end]")
    return moment


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
        raise missing_parameter(f"{path}[price]")
    made = built.phase_item(
        price,
        quantity=item.get("quantity", 1),
        metadata=p.new_metadata(item.get("metadata", {})),
    )
    made["discounts"] = built.discounts(item.get("discounts", []))
    made["tax_rates"] = rates(tx, item.get("tax_rates", []), f"{path}[tax_rates]")
    return made


def extra_from(tx: Transaction, extra: Json, path: str) -> Json:
    price = invoice_item_fields.price_of(tx, extra, path)
    if price is None:
        raise missing_parameter(f"{path}[price]")
    return built.bought_once(
        price,
        quantity=extra.get("quantity", 1),
        discountable=extra.get("discountable"),
        metadata=p.new_metadata(extra.get("metadata", {})),
        tax_rates=rates(tx, extra.get("tax_rates", []), f"{path}[tax_rates]"),
    )
