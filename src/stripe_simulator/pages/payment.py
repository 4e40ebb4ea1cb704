"""The hosted payment page: `/c/pay/{session_id}`."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.checkout import (
    Challenged,
    Declined,
    NotOpen,
    Outcome,
    Paid,
    Reckoned,
    SessionView,
    begin_and_tell,
    pay_and_tell,
    view_session,
)
from stripe_simulator.checkout.answers import Answers
from stripe_simulator.checkout.asking import check_answers
from stripe_simulator.checkout.discounts import type_code
from stripe_simulator.checkout.quantities import change
from stripe_simulator.checkout.recovery import recover
from stripe_simulator.money import display
from stripe_simulator.pages.answer_form import answers_from, first_answers, in_page_order
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
WITH_TAX = "Tax was added for your address"
QUANTITY_REFUSED = "The quantity was not changed"


@dataclass(frozen=True)
class Typed:
    """Everything that stands in the form."""

    entry: Entry = field(default_factory=Entry)
    answers: Answers = field(default_factory=dict)

    def without_secrets(self) -> "Typed":
        return Typed(self.entry.without_secrets(), self.answers)


async def show(request: Request) -> Response:
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    untouched = Typed(answers=first_answers(view.asks))
    return _form(view, untouched, problem_from(request), title=REFUSED)


async def submit(request: Request) -> Response:
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None:
        return _unknown()
    if view.status != "open":
        return _led_on(view)
    form = await typed(request)
    said = Typed(entry_from(form), answers_from(form))
    problems = _problems(request, view, said)
    if problems:
        return _form(view, said.without_secrets(), problems, title=INCOMPLETE, status=422)
    return await _press(request, view, said)


def _problems(request: Request, view: SessionView, said: Typed) -> Problems:
    known = view.email is not None
    card = problems_of if view.needs_card else email_problem
    asked = check_answers(simulator_of(request).store, view.id, said.answers)
    return in_page_order({**card(said.entry, email_is_known=known), **asked})


async def fill_test_card(request: Request) -> Response:
    """Changes nothing: the form comes back with the card filled in."""
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    form = await typed(request)
    entry, filled = with_test_card(request, form)
    return _form(view, Typed(entry, answers_from(form)), filled=filled)


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
        untouched = Typed(answers=first_answers(view.asks))
        return _form(view, untouched, problems, title=CODE_REFUSED, status=422, code=code)
    return RedirectResponse(f"/c/pay/{view.id}", status_code=303)


async def set_quantity(request: Request) -> Response:
    """A line's own form: `item` is the line, `quantity` how many."""
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None or view.status != "open":
        return _closed(view)
    form = await typed(request)
    item = str(form.get("item", ""))
    wanted = str(form.get("quantity", "")).strip()
    problem = change(simulator_of(request).store, view.id, item, wanted)
    if problem:
        problems = {f"quantity-{item}": problem}
        untouched = Typed(answers=first_answers(view.asks))
        return _form(view, untouched, problems, title=QUANTITY_REFUSED, status=422)
    return RedirectResponse(f"/c/pay/{view.id}", status_code=303)


async def start_again(request: Request) -> Response:
    """The recovery address of an expired session: leads to its copy, made by the first visit."""
    session = recover(simulator_of(request).store, request.path_params["session_id"])
    if session is None:
        return _closed(_view(request))
    return RedirectResponse(f"/c/pay/{session['id']}", status_code=303)


async def _press(request: Request, view: SessionView, said: Typed) -> Response:
    simulator, entry = simulator_of(request), said.entry
    outcome: Outcome | Reckoned | None
    if view.needs_card:
        outcome = await pay_and_tell(simulator, view.id, card=entry.card(), answers=said.answers)
    else:
        outcome = await begin_and_tell(simulator, view.id, email=entry.email, answers=said.answers)
    match outcome:
        case Paid(redirect_url=url) | Challenged(url=url):
            return RedirectResponse(url, status_code=303)
        case Declined(message=message, param=param):
            problems = {param or "number": message}
            return _form(view, said.without_secrets(), problems, title=REFUSED, status=402)
        case Reckoned():
            fresh = _view(request) or view
            told = {
                "form": f"The total is now {display(fresh.due_today, fresh.currency)}, with tax."
            }
            return _form(fresh, said, told, title=WITH_TAX, status=422)
        case NotOpen() | None:
            return _led_on(_view(request))


def _form(
    view: SessionView,
    said: Typed,
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
        asks=view.asks,
        offer=offer_of(view),
        entry=said.entry,
        answers=said.answers,
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
