"""What a subscription is told when it is made or changed, besides its items."""

from calendar import monthrange
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.resources.tax_fields import automatic, check_place, rates
from stripe_simulator.billing import methods
from stripe_simulator.clock.periods import add_months, moment
from stripe_simulator.errors import invalid
from stripe_simulator.objects.subscription import trial_settings
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import switched


def check_collection(params: Json, now: Json) -> None:
    """Invoices that are sent need a date; those that are charged have none."""
    sends = now.get("collection_method") == "send_invoice"
    if sends and now.get("days_until_due") is None:
        raise invalid(
            "If invoices are sent to the customer, days_until_due must be given.",
            param="days_until_due",
        )
    if not sends and params.get("days_until_due") is not None:
        raise invalid(
            "days_until_due may only be used with collection_method=send_invoice.",
            param="days_until_due",
        )


def anchor(params: Json, now: int) -> int | None:
    """A second to come, from which full periods are counted; None for now."""
    config = params.get("billing_cycle_anchor_config")
    given: int | None = params.get("billing_cycle_anchor")
    if config and given is not None:
        raise invalid(
            "You may only specify one of billing_cycle_anchor, billing_cycle_anchor_config."
        )
    if config:
        given = next_of(config, now)
    if given is None or given == now:
        return None
    if given < now:
        raise invalid("billing_cycle_anchor cannot be in the past.", param="billing_cycle_anchor")
    ends = trial_end(params, now)
    if ends and given < ends:
        raise invalid(
            "billing_cycle_anchor cannot be before the end of the trial.",
            param="billing_cycle_anchor",
        )
    return given


def next_of(config: Json, now: int) -> int:
    """The first such day, of this month or a later one; the 31st is the last of a shorter month.

    docs.stripe.com/billing/subscriptions/billing-cycle: what is not given is that of now (UTC).
    """
    today = moment(now)
    time = {
        name: config[name] if config.get(name) is not None else getattr(today, name)
        for name in ("hour", "minute", "second")
    }
    month = config.get("month") or today.month
    steps = 12 if config.get("month") else 1
    day = min(config["day_of_month"], monthrange(today.year, month)[1])
    first = int(today.replace(month=month, day=day, microsecond=0, **time).timestamp())
    months = 0
    while add_months(first, months, config["day_of_month"]) < now:
        months += steps
    return add_months(first, months, config["day_of_month"])


def anchor_config(params: Json) -> Json | None:
    given = params.get("billing_cycle_anchor_config")
    unknown = dict.fromkeys(("hour", "minute", "month", "second"))
    return unknown | given if given else None


def trial_end(params: Json, now: int) -> int | None:
    given, days = params.get("trial_end"), params.get("trial_period_days")
    if given and days:
        raise invalid("You may only specify one of trial_end, trial_period_days.")
    if given and given != "now":
        moment = p.moment(given, "trial_end")
        if moment <= now:
            raise invalid("Timestamp must be in the future.", param="trial_end")
        return moment
    return now + days * DAY if days else None


def settings(tx: Transaction, params: Json, customer: Json) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        name: params[name] for name in ("collection_method", "days_until_due") if name in params
    }
    if params.get("description"):
        chosen["description"] = params["description"]
    if params.get("default_payment_method"):
        chosen["default_payment_method"] = own_method(
            tx, params["default_payment_method"], customer
        )
    if "default_tax_rates" in params:
        given = params["default_tax_rates"]
        chosen["default_tax_rates"] = rates(tx, given, "default_tax_rates")
    wanted = automatic(tx, params)
    if wanted:
        check_place(tx, customer)
    if wanted is not None:
        chosen["automatic_tax"] = switched(on=wanted)
    if params.get("trial_settings"):
        chosen["trial_settings"] = trial_settings(params["trial_settings"])
    if params.get("payment_settings"):
        chosen["payment_settings"] = {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
            **params["payment_settings"],
        }
    return chosen


def own_method(tx: Transaction, id_: str, customer: Json) -> str:
    method = methods.named(tx, id_, param="default_payment_method")
    if method["customer"] != customer["id"]:
        raise invalid(
            "The customer does not have a payment method with the ID"
            f" {method['id']}. The payment method must be attached to the customer.",
            param="default_payment_method",
            code="resource_missing",
        )
    return str(method["id"])
