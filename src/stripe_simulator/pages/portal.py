"""The customer's portal: `/p/session/{secret}`, what can be looked at."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.errors import StripeError
from stripe_simulator.hosted import portal, portal_actions, portal_details, portal_plans
from stripe_simulator.hosted.portal import Visit
from stripe_simulator.hosted.portal_plans import Wanted
from stripe_simulator.money import display
from stripe_simulator.pages.card_form import INCOMPLETE, simulator_of
from stripe_simulator.pages.entry import Entry, Problems
from stripe_simulator.pages.offer import day
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import notice, page
from stripe_simulator.pages.test_cards import OFFERED
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store

FEEDBACK = {
    "too_expensive": "It is too expensive",
    "missing_features": "Features are missing",
    "switched_service": "I use another service now",
    "unused": "I do not use it enough",
    "customer_service": "The customer service was poor",
    "low_quality": "The quality was low",
    "too_complex": "It is too complicated",
    "other": "Another reason",
}
Handler = Callable[[Request, Visit], Awaitable[Response]]


def visiting(handler: Handler, *, feature: str | None = None) -> Any:
    """An open session, a form of our own, a feature that is enabled: else a page that says so."""

    async def endpoint(request: Request) -> Response:
        simulator = simulator_of(request)
        changes = request.method == "POST"
        if changes and not is_our_own_form(request, base_url=simulator.base_url):
            return refused()
        visit = portal.visit(simulator.store, request.path_params["secret"])
        if visit is None:
            return over()
        if feature and not visit.allows(feature):
            return missing(visit)
        portal_actions.seen(simulator.store, visit)
        try:
            return await handler(request, visit)
        except StripeError as error:
            return missing(visit) if error.status == 404 else troubled(visit, error)

    return endpoint


def over() -> Response:
    return notice(
        heading="This portal session is over",
        text="It ends an hour after it was used last. Open it again from where you came.",
        status=410,
    )


def missing(visit: Visit) -> Response:
    return notice(
        heading="That cannot be done here",
        text="It does not exist, or it is not part of this portal.",
        status=404,
        mark="?",
        link=visit.path,
        link_text="Back to the overview",
    )


def troubled(visit: Visit, error: StripeError) -> Response:
    return notice(
        heading="That did not work",
        text=error.message,
        status=error.status,
        link=visit.path,
        link_text="Back to the overview",
    )


def shown(template: str, visit: Visit, *, status: int = 200, **more: Any) -> Response:
    back = visit.session["return_url"]
    after = ((visit.session["flow"] or {}).get("after_completion") or {}).get("redirect") or {}
    return page(
        template,
        status=status,
        leads_to=(back, after.get("return_url")),
        visit=visit,
        back=back,
        day=day,
        money=display,
        **more,
    )


async def show(request: Request, visit: Visit) -> Response:
    start = flow_path(visit)
    if start:
        return RedirectResponse(start, status_code=303)
    return shown("portal.html", visit, home=portal.home(simulator_of(request).store, visit))


def flow_path(visit: Visit) -> str | None:
    """Where a session begins that was opened for one purpose."""
    flow = visit.session["flow"]
    if flow is None or visit.session.get("_done"):
        return None
    kind = flow["type"]
    if kind == "payment_method_update":
        return f"{visit.path}/cards/add"
    if kind == "customer_update":
        return f"{visit.path}/details"
    base = f"{visit.path}/subscriptions/{flow[kind]['subscription']}"
    if kind == "subscription_update_confirm":
        item = flow[kind]["items"][0]
        return f"{base}/confirm?price={item['price'] or ''}&quantity={item.get('quantity', '')}"
    return f"{base}/{kind.removeprefix('subscription_')}"


async def ask_cancel(request: Request, visit: Visit) -> Response:
    card = subscription_of(request, visit)
    feature = visit.features["subscription_cancel"]
    reason = feature["cancellation_reason"]
    options = {name: FEEDBACK[name] for name in reason["options"]} if reason["enabled"] else {}
    return shown(
        "portal_cancel.html",
        visit,
        card=card,
        options=options,
        at_once=feature["mode"] == "immediately",
        offer=portal_actions.offer(simulator_of(request).store, visit, card.id),
    )


def subscription_of(request: Request, visit: Visit) -> portal.SubscriptionCard:
    found = portal.home(simulator_of(request).store, visit).subscriptions
    wanted = request.path_params["id"]
    card = next((one for one in found if one.id == wanted), None)
    if card is None:
        raise StripeError(404, "There is no such subscription.")
    return card


async def ask_pause(request: Request, visit: Visit) -> Response:
    lengths = [
        (f"{one['interval_count']}-{one['interval']}", length_in_words(one))
        for one in portal_actions.pause_lengths(visit)
    ]
    return shown("portal_pause.html", visit, card=subscription_of(request, visit), lengths=lengths)


def length_in_words(option: Json) -> str:
    count, interval = option["interval_count"], option["interval"]
    return f"1 {interval}" if count == 1 else f"{count} {interval}s"


async def ask_update(request: Request, visit: Visit) -> Response:
    card = subscription_of(request, visit)
    found = portal_plans.choices(simulator_of(request).store, visit, card.id)
    return shown("portal_plans.html", visit, card=card, choices=found)


async def confirm_update(request: Request, visit: Visit) -> Response:
    """What the change costs, before it is made."""
    card = subscription_of(request, visit)
    store = simulator_of(request).store
    price = request.query_params.get("price") or current_price(request, visit, card.id)
    quantity = quantity_of(request.query_params.get("quantity"), card.quantity)
    wanted = Wanted(price, quantity, request.query_params.get("code", ""))
    cost, problems = cost_or_problem(store, visit, card.id, wanted)
    return shown(
        "portal_confirm.html",
        visit,
        status=422 if problems else 200,
        card=card,
        cost=cost,
        wanted=wanted,
        takes_codes=portal_plans.takes_codes(visit),
        problems=problems,
        problem_title="The code was not taken",
    )


def cost_or_problem(
    store: Store, visit: Visit, id_: str, wanted: Wanted
) -> tuple[portal_plans.Cost, Problems]:
    """A code that cannot be used is told at its field, with the cost of the change without it."""
    try:
        return portal_plans.cost(store, visit, id_, wanted), {}
    except StripeError as error:
        if error.status != 400 or not wanted.code:
            raise
        plain = replace(wanted, code="")
        return portal_plans.cost(store, visit, id_, plain), {"code": error.message}


def current_price(request: Request, visit: Visit, id_: str) -> str:
    found = portal_plans.choices(simulator_of(request).store, visit, id_)
    return next((one.price for one in found if one.is_current), "")


def quantity_of(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default


async def ask_details(request: Request, visit: Visit) -> Response:
    store = simulator_of(request).store
    customer = portal.home(store, visit).customer
    return details(store, visit, customer, {})


def details(
    store: Store, visit: Visit, customer: Json, problems: Problems, *, status: int = 200
) -> Response:
    return shown(
        "portal_details.html",
        visit,
        status=status,
        customer=customer,
        delivery=customer.get("shipping") or {},
        tax_ids=portal_details.tax_ids(store, visit),
        tax_kinds=portal_details.KINDS,
        problems=problems,
        problem_title=INCOMPLETE,
    )


async def ask_card(request: Request, visit: Visit) -> Response:
    failed = request.query_params.get("redirect_status") == "failed"
    problems = {"number": "The bank could not see the card's holder. Try again."} if failed else {}
    return card_form(visit, Entry(), problems)


def card_form(
    visit: Visit,
    entry: Entry,
    problems: Problems,
    *,
    title: str = "The card was not saved",
    filled: str | None = None,
    status: int = 200,
) -> Response:
    return shown(
        "portal_card.html",
        visit,
        status=status,
        action=f"{visit.path}/cards/add",
        entry=entry,
        problems=problems,
        problem_title=title,
        filled=filled,
        test_cards=OFFERED,
    )
