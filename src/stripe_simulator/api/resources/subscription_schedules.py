import operator

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page, page_of
from stripe_simulator.api.resources.schedule_fields import CHANGES, NEW
from stripe_simulator.api.resources.schedule_phases import phases_from, settings
from stripe_simulator.billing import canceling, schedule_states, schedules, subscriptions
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import schedule as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def create(tx: Transaction, params: Json) -> Json:
    if params.get("from_subscription"):
        return from_subscription(tx, params)
    for name in ("customer", "phases"):
        if not params.get(name):
            raise missing_parameter(name)
    customer = tx.need("customer", params["customer"], param="customer")
    start = start_of(tx, params)
    schedule = built.schedule(
        tx.new_id("subscription_schedule"),
        customer=customer["id"],
        phases=phases_from(tx, params["phases"], customer, start=start),
        end_behavior=params.get("end_behavior", "release"),
        metadata=p.new_metadata(params.get("metadata", {})),
        now=tx.now,
    )
    set_defaults(schedule, settings(tx, params.get("default_settings", {}), customer))
    tx.add(schedule)
    if start <= tx.now:
        schedules.begin(tx, schedule, customer)
        tx.save(schedule)
    schedules.plan(tx, schedule)
    tx.emit("subscription_schedule.created", schedule)
    return schedule


def start_of(tx: Transaction, params: Json) -> int:
    given = params.get("start_date", "now")
    start = tx.now if given == "now" else int(given)
    if start < tx.now:
        raise invalid("start_date in the past is not supported.", param="start_date")
    return start


def from_subscription(tx: Transaction, params: Json) -> Json:
    """One phase: the subscription as it is, to the end of its period."""
    if set(params) - {"from_subscription", "metadata", "expand", "billing_mode"}:
        raise invalid("from_subscription is given alone: phases are set by an update.")
    subscription = tx.need("subscription", params["from_subscription"], param="from_subscription")
    if subscription["status"] in subscriptions.ENDED or subscription["schedule"]:
        raise invalid("The subscription has ended, or has a schedule already.")
    phase = built.phase(
        {"metadata": subscription["metadata"], "description": subscription["description"]},
        items=[item_as_it_is(item) for item in subscription["items"]["data"]],
        currency=subscription["currency"],
        start=subscriptions.current_start(subscription),
        end=subscriptions.current_end(subscription),
    )
    phase["discounts"] = kept(subscription["discounts"])
    phase |= {
        "automatic_tax": subscription["automatic_tax"],
        "collection_method": subscription["collection_method"],
        "default_payment_method": subscription["default_payment_method"],
        "default_tax_rates": list(subscription["default_tax_rates"]),
        "trial_end": subscription["trial_end"] if subscription["status"] == "trialing" else None,
    }
    if subscription["days_until_due"] is not None:
        days = {"days_until_due": subscription["days_until_due"]}
        phase["invoice_settings"] = built.INVOICE_SETTINGS | days
    schedule = built.schedule(
        tx.new_id("subscription_schedule"),
        customer=subscription["customer"],
        phases=[phase],
        end_behavior="release",
        metadata=p.new_metadata(params.get("metadata", {})),
        now=tx.now,
    )
    schedule |= {"status": "active", "subscription": subscription["id"]}
    schedule["current_phase"] = schedules.dates(phase)
    tx.add(schedule, "subscription_schedule.created")
    subscription["schedule"] = schedule["id"]
    tx.save(subscription, "customer.subscription.updated")
    schedules.plan(tx, schedule)
    return schedule


def item_as_it_is(item: Json) -> Json:
    made = built.phase_item(
        item["price"], quantity=item.get("quantity", 1), metadata=item["metadata"]
    )
    return made | {"discounts": kept(item["discounts"]), "tax_rates": list(item["tax_rates"])}


def kept(ids: list[str]) -> list[Json]:
    return built.discounts([{"discount": id_} for id_ in ids])


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("subscription_schedule", id_)


def living(tx: Transaction, id_: str) -> Json:
    schedule = tx.need("subscription_schedule", id_)
    if schedule["status"] in schedule_states.OVER:
        raise invalid(f"A schedule that is {schedule['status']} cannot be changed.")
    return schedule


def update(tx: Transaction, params: Json, id_: str) -> Json:
    schedule = living(tx, id_)
    if "metadata" in params:
        schedule["metadata"] = p.merged_metadata(schedule["metadata"], params["metadata"])
    if "end_behavior" in params:
        schedule["end_behavior"] = params["end_behavior"]
    if "default_settings" in params:
        customer = tx.need("customer", schedule["customer"])
        set_defaults(schedule, settings(tx, params["default_settings"], customer))
    if "phases" in params:
        set_phases(tx, schedule, params)
    tx.save(schedule, "subscription_schedule.updated")
    schedules.plan(tx, schedule)
    if {"default_settings", "end_behavior", "phases"} & params.keys():
        schedules.follow(tx, schedule)
    return schedule


def set_defaults(schedule: Json, chosen: Json) -> None:
    """What was said, beside what stands there for those who said nothing."""
    schedule["default_settings"] |= chosen
    schedule["_defaults"] = (schedule.get("_defaults") or {}) | chosen


def set_phases(tx: Transaction, schedule: Json, params: Json) -> None:
    """The first phase is the current one, or the first of a schedule that has not begun."""
    current = schedule["current_phase"]
    start = current["start_date"] if current else schedule["phases"][0]["start_date"]
    given = params["phases"][0].get("start_date") if params["phases"] else None
    if current and given is not None and given != start:
        raise invalid(
            "The start date of the current phase cannot be changed.",
            param="phases[0][start_date]",
        )
    if current is None and isinstance(given, int):
        start = given
    before, customer = current_items(schedule), tx.need("customer", schedule["customer"])
    schedule["phases"] = phases_from(tx, params["phases"], customer, start=start)
    if current is None:
        return
    phase = schedule["phases"][0]
    schedule["current_phase"] = schedules.dates(phase)
    if before != phase["items"]:
        schedules.enter(
            tx,
            schedule,
            tx.need("subscription", schedule["subscription"]),
            customer,
            phase,
            proration=params.get("proration_behavior") or "create_prorations",
        )


def current_items(schedule: Json) -> list[Json] | None:
    current = schedule["current_phase"]
    for phase in schedule["phases"]:
        if current and phase["start_date"] == current["start_date"]:
            items: list[Json] = phase["items"]
            return items
    return None


def cancel(tx: Transaction, params: Json, id_: str) -> Json:
    schedule = living(tx, id_)
    subscription = tx.get(schedule["subscription"] or "", "subscription")
    schedule_states.finish(tx, schedule, status="canceled", event="canceled")
    if subscription and subscription["status"] not in subscriptions.ENDED:
        canceling.now(
            tx,
            subscription,
            prorates=params.get("prorate", True),
            invoices_now=params.get("invoice_now", True),
        )
    return schedule


def release(tx: Transaction, params: Json, id_: str) -> Json:
    schedule = living(tx, id_)
    schedule_states.release(tx, schedule, keeps_end=params.get("preserve_cancel_date", False))
    return schedule


def search(tx: Transaction, params: Json) -> Json:
    url, where = "/v1/subscription_schedules", {"customer": params.get("customer")}
    if not {*MOMENTS, "scheduled"} & params.keys():
        return page(tx, "subscription_schedule", params, url=url, where=where)
    named = {name: value for name, value in where.items() if value}
    found = [one for one in tx.find("subscription_schedule", **named) if is_asked_for(one, params)]
    return page_of(found, params, url=url)


MOMENTS = ("canceled_at", "completed_at", "released_at")
HOLDS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def is_asked_for(schedule: Json, params: Json) -> bool:
    if params.get("scheduled") and schedule["status"] != "not_started":
        return False
    return all(
        schedule[name] is not None and HOLDS[which](schedule[name], bound)
        for name in ("created", *MOMENTS)
        for which, bound in params.get(name, {}).items()
    )


OPERATIONS = (
    post("/v1/subscription_schedules", create, NEW),
    listing(
        "/v1/subscription_schedules",
        search,
        **p.CREATED,
        customer=p.text,
        **names(p.created_range, *MOMENTS),
        scheduled=p.boolean,
        customer_account=p.unsupported,
    ),
    get("/v1/subscription_schedules/{id}", retrieve),
    post("/v1/subscription_schedules/{id}", update, CHANGES),
    post(
        "/v1/subscription_schedules/{id}/cancel",
        cancel,
        names(p.boolean, "invoice_now", "prorate"),
    ),
    post(
        "/v1/subscription_schedules/{id}/release",
        release,
        {"preserve_cancel_date": p.boolean},
    ),
)
