"""The hosted payment page: `/c/pay/{session_id}`."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.checkout import (
    Challenged,
    Declined,
    NotOpen,
    Paid,
    SessionView,
    pay_and_tell,
    view_session,
)
from stripe_simulator.checkout.discounts import type_code
from stripe_simulator.checkout.without_card import begin_and_tell
from stripe_simulator.pages.card_form import (
    INCOMPLETE,
    REFUSED,
    simulator_of,
    typed,
    with_test_card,
)
from stripe_simulator.pages.challenge import problem_from
from stripe_simulator.pages.entry import Entry, Problems, email_problem, entry_from, problems_of
from stripe_simulator.pages.offer import offer_of
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import notice, page
from stripe_simulator.pages.test_cards import OFFERED

CODE_REFUSED = "The code was not taken"


async def show(request: Request) -> Response:
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    return _form(view, Entry(), problem_from(request), title=REFUSED)


async def submit(request: Request) -> Response:
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None:
        return _unknown()
    entry = entry_from(await typed(request))
    if not view.needs_card:
        return await _begin(request, view, entry)
    problems = problems_of(entry, email_is_known=view.email is not None)
    if problems and view.status == "open":
        return _form(view, entry.without_secrets(), problems, title=INCOMPLETE, status=422)
    return await _pay(request, view, entry)


async def fill_test_card(request: Request) -> Response:
    """Changes nothing: the form comes back with the card filled in."""
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    entry, filled = with_test_card(request, await typed(request))
    return _form(view, entry, filled=filled)


async def _begin(request: Request, view: SessionView, entry: Entry) -> Response:
    """Nothing is due and no card is asked for: an address is enough."""
    problems = email_problem(entry, email_is_known=view.email is not None)
    if problems and view.status == "open":
        return _form(view, entry, problems, title=INCOMPLETE, status=422)
    if view.status == "open":
        await begin_and_tell(simulator_of(request), view.id, email=entry.email)
    return _led_on(_view(request))


async def use_code(request: Request) -> Response:
    """The code box: takes a promotion code, or takes it off when `code` is empty."""
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    code = str((await typed(request)).get("code", ""))
    problem = type_code(simulator_of(request).store, view.id, code)
    if problem:
        problems = {"code": problem}
        return _form(view, Entry(), problems, title=CODE_REFUSED, status=422, code=code)
    return RedirectResponse(f"/c/pay/{view.id}", status_code=303)


async def _pay(request: Request, view: SessionView, entry: Entry) -> Response:
    if view.status != "open":
        return _led_on(view)
    outcome = await pay_and_tell(simulator_of(request), view.id, card=entry.card())
    match outcome:
        case Paid(redirect_url=url) | Challenged(url=url):
            return RedirectResponse(url, status_code=303)
        case Declined(message=message, param=param):
            problems = {param or "number": message}
            return _form(view, entry.without_secrets(), problems, title=REFUSED, status=402)
        case NotOpen():
            return _led_on(_view(request))
        case None:
            return _unknown()


def _form(
    view: SessionView,
    entry: Entry,
    problems: Problems | None = None,
    *,
    title: str = "",
    filled: str | None = None,
    status: int = 200,
    code: str = "",
) -> Response:
    return page(
        "checkout.html",
        status=status,
        leads_to=(view.success_url, view.cancel_url),
        action=f"/c/pay/{view.id}",
        view=view,
        offer=offer_of(view),
        entry=entry,
        problems=problems or {},
        problem_title=title,
        code=code,
        filled=filled,
        test_cards=OFFERED,
    )


def _led_on(view: SessionView | None) -> Response:
    """A second click on the button: whoever has paid goes where the first click goes."""
    if view and view.status == "complete" and view.success_url:
        return RedirectResponse(view.success_url, status_code=303)
    return _closed(view)


def _closed(view: SessionView | None) -> Response:
    if view is None:
        return _unknown()
    if view.status == "complete":
        return notice(
            heading="This is paid",
            text=f"{view.merchant} has been told. There is nothing more to do on this page.",
            kind="done",
            mark="✓",
            link=view.success_url,
            link_text=f"Continue to {view.merchant}",
        )
    return notice(
        heading="This payment page has expired",
        text=f"Nothing was charged. Start again from {view.merchant} to get a fresh page.",
        status=410,
        link=view.cancel_url,
        link_text=f"Back to {view.merchant}",
    )


def _unknown() -> Response:
    return notice(
        heading="There is no such payment page",
        text="The address may be cut off, or the simulator was started afresh since it was made.",
        status=404,
        mark="?",
        link="/",
        link_text="What this simulator is",
    )


def _view(request: Request) -> SessionView | None:
    return view_session(simulator_of(request).store, request.path_params["session_id"])
