"""The portal's buttons. Each does one thing and leads back, or to where its flow ends."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.checkout import Challenged, Declined
from stripe_simulator.hosted import portal_actions, portal_details, portal_plans
from stripe_simulator.hosted.portal import Visit
from stripe_simulator.hosted.portal_plans import Wanted
from stripe_simulator.pages.card_form import INCOMPLETE, simulator_of, typed, with_test_card
from stripe_simulator.pages.entry import EMAIL, entry_from, problems_of
from stripe_simulator.pages.portal import card_form, details, quantity_of
from stripe_simulator.pages.rendering import notice
from stripe_simulator.shapes import Json


def done(request: Request, visit: Visit) -> Response:
    """Home; or what the session's flow says comes after it."""
    flow = visit.session["flow"]
    if flow is None or visit.session.get("_done"):
        return RedirectResponse(visit.path, status_code=303)
    finish(request, visit)
    after = flow["after_completion"]
    if after["type"] == "redirect":
        return RedirectResponse(after["redirect"]["return_url"], status_code=303)
    if after["type"] == "portal_homepage":
        return RedirectResponse(visit.path, status_code=303)
    back = visit.session["return_url"]
    return notice(
        heading="Done",
        text=after["hosted_confirmation"]["custom_message"] or "Your change has been made.",
        kind="done",
        mark="✓",
        link=back or visit.path,
        link_text=f"Back to {visit.merchant}",
    )


def finish(request: Request, visit: Visit) -> None:
    with simulator_of(request).store.writing() as tx:
        session = tx.need("billing_portal.session", visit.session["id"])
        session["_done"] = True
        tx.save(session)


async def cancel(request: Request, visit: Visit) -> Response:
    feedback = (await typed(request)).get("feedback")
    portal_actions.cancel(
        simulator_of(request).store,
        visit,
        request.path_params["id"],
        feedback=str(feedback) if feedback else None,
    )
    return done(request, visit)


async def keep(request: Request, visit: Visit) -> Response:
    portal_actions.keep(simulator_of(request).store, visit, request.path_params["id"])
    return done(request, visit)


async def stay(request: Request, visit: Visit) -> Response:
    portal_actions.stay(simulator_of(request).store, visit, request.path_params["id"])
    return done(request, visit)


async def pause(request: Request, visit: Visit) -> Response:
    length = str((await typed(request)).get("length", ""))
    store = simulator_of(request).store
    portal_actions.pause(store, visit, request.path_params["id"], length=length)
    return done(request, visit)


async def go_on(request: Request, visit: Visit) -> Response:
    portal_actions.go_on(simulator_of(request).store, visit, request.path_params["id"])
    return done(request, visit)


async def update(request: Request, visit: Visit) -> Response:
    form = await typed(request)
    wanted = Wanted(
        price=str(form.get("price")),
        quantity=quantity_of(str(form.get("quantity")), 1),
        code=str(form.get("code", "")),
    )
    portal_plans.change(simulator_of(request).store, visit, request.path_params["id"], wanted)
    return done(request, visit)


async def make_default(request: Request, visit: Visit) -> Response:
    portal_actions.make_default(simulator_of(request).store, visit, request.path_params["id"])
    return done(request, visit)


async def remove_card(request: Request, visit: Visit) -> Response:
    portal_actions.remove_card(simulator_of(request).store, visit, request.path_params["id"])
    return done(request, visit)


async def add_card(request: Request, visit: Visit) -> Response:
    entry = entry_from(await typed(request))
    problems = problems_of(entry, email_is_known=True)
    if problems:
        return card_form(visit, entry.without_secrets(), problems, title=INCOMPLETE, status=422)
    simulator = simulator_of(request)
    outcome = portal_actions.add_card(
        simulator.store,
        visit,
        card=entry.card(),
        return_url=f"{simulator.base_url}{visit.path}/cards/added",
    )
    match outcome:
        case Declined(message=message, param=param):
            problems = {param or "number": message}
            return card_form(visit, entry.without_secrets(), problems, status=402)
        case Challenged(url=url):
            return RedirectResponse(url, status_code=303)
        case _:
            return done(request, visit)


async def card_added(request: Request, visit: Visit) -> Response:
    """Back from the bank's page."""
    if request.query_params.get("redirect_status") == "failed":
        return RedirectResponse(f"{visit.path}/cards/add?redirect_status=failed", status_code=303)
    return done(request, visit)


async def fill_test_card(request: Request, visit: Visit) -> Response:
    entry, filled = with_test_card(request, await typed(request))
    return card_form(visit, entry, {}, filled=filled)


async def change_details(request: Request, visit: Visit) -> Response:
    given = {name: str(value).strip() for name, value in (await typed(request)).items()}
    store = simulator_of(request).store
    problems = dict(portal_details.problem_of_tax_id(visit, given))
    if given.get("email") and not EMAIL.fullmatch(given["email"]):
        problems = {"email": "Enter an email address, like name@example.com", **problems}
    if problems:
        return details(store, visit, as_typed(given), problems, status=422)
    portal_details.change(store, visit, given)
    return done(request, visit)


def as_typed(given: Mapping[str, str]) -> Json:
    """The form's fields in the shape of a customer."""
    parts = {name.removeprefix("shipping_"): value for name, value in given.items()}
    delivery = {"address": parts, "name": given.get("shipping_name")}
    return {**given, "address": dict(given), "shipping": delivery}


async def remove_tax_id(request: Request, visit: Visit) -> Response:
    portal_details.remove_tax_id(simulator_of(request).store, visit, request.path_params["id"])
    return RedirectResponse(f"{visit.path}/details", status_code=303)
