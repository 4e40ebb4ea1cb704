from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.schedule_fields import CHANGES, NEW, phases_from
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
        phases=phases_from(tx, params["phases"], start=start),
        end_behavior=params.get("end_behavior", "release"),
        metadata=p.new_metadata(params.get("metadata", {})),
        now=tx.now,
    )
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
        items=[
            built.phase_item(
                item["price"], quantity=item.get("quantity", 1), metadata=item["metadata"]
            )
            for item in subscription["items"]["data"]
        ],
        currency=subscription["currency"],
        start=subscriptions.current_start(subscription),
        end=subscriptions.current_end(subscription),
    )
    phase["discounts"] = [
        {"coupon": None, "discount": id_, "promotion_code": None}
        for id_ in subscription["discounts"]
    ]
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
    if "phases" in params:
        set_phases(tx, schedule, params)
    tx.save(schedule, "subscription_schedule.updated")
    schedules.plan(tx, schedule)
    return schedule


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
    before = current_items(schedule)
    schedule["phases"] = phases_from(tx, params["phases"], start=start)
    if current is None:
        return
    phase = schedule["phases"][0]
    schedule["current_phase"] = schedules.dates(phase)
    if before != phase["items"]:
        schedules.enter(
            tx,
            tx.need("subscription", schedule["subscription"]),
            tx.need("customer", schedule["customer"]),
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
    del params
    schedule = living(tx, id_)
    schedule_states.release(tx, schedule)
    return schedule


def search(tx: Transaction, params: Json) -> Json:
    where = {"customer": params.get("customer")}
    return page(tx, "subscription_schedule", params, url="/v1/subscription_schedules", where=where)


OPERATIONS = (
    post("/v1/subscription_schedules", create, NEW),
    listing(
        "/v1/subscription_schedules",
        search,
        **p.CREATED,
        customer=p.text,
        **names(
            p.unsupported,
            "canceled_at",
            "completed_at",
            "customer_account",
            "released_at",
            "scheduled",
        ),
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
        {"preserve_cancel_date": p.unsupported},
    ),
)
