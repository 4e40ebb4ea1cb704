"""3-D Secure: the bank's page, `/c/3ds/{id}`, with approve and fail."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.cards import DECLINES
from stripe_simulator.checkout import NOT_AUTHENTICATED
from stripe_simulator.hosted import challenge
from stripe_simulator.money import display
from stripe_simulator.pages.card_form import simulator_of, typed
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import notice, page


def problem_from(request: Request) -> dict[str, str]:
    """What a page says to whoever comes back from the bank's page in vain."""
    code = request.query_params.get("problem")
    if code is None:
        return {}
    known = DECLINES.get(code, NOT_AUTHENTICATED)
    return {known.param or "number": known.message}


async def show(request: Request) -> Response:
    view = challenge.view_challenge(simulator_of(request).store, request.path_params["id"])
    if view is None:
        return _nothing()
    amount = display(view.amount, view.currency) if view.amount else None
    return page("challenge.html", leads_to=(view.leads_to,), view=view, amount=amount)


async def submit(request: Request) -> Response:
    simulator = simulator_of(request)
    if not is_our_own_form(request, base_url=simulator.base_url):
        return refused()
    approved = (await typed(request)).get("answer") == "approve"
    url = await challenge.answer_and_tell(simulator, request.path_params["id"], approved=approved)
    return RedirectResponse(url, status_code=303) if url else _nothing()


async def done(request: Request) -> Response:
    del request
    return notice(
        heading="The bank has its answer",
        text="You can close this page.",
        kind="done",
        mark="✓",
    )


def _nothing() -> Response:
    return notice(
        heading="Nobody is asked for anything here",
        text="The bank has had its answer, or the payment was given up.",
        status=404,
        mark="?",
    )
