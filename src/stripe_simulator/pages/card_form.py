"""What every page with a card form does with it: read it, and fill in a test card."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request

from stripe_simulator.pages.entry import Entry, entry_from
from stripe_simulator.pages.test_cards import filled_in, offered
from stripe_simulator.simulator import Simulator

INCOMPLETE = "There is a problem"
REFUSED = "The payment did not go through"
MOST_FIELDS = 60


def simulator_of(request: Request) -> Simulator:
    simulator: Simulator = request.app.state.simulator
    return simulator


async def typed(request: Request) -> Mapping[str, object]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return dict(form)


def with_test_card(request: Request, form: Mapping[str, object]) -> tuple[Entry, str | None]:
    """The entry with the chosen card, and the card in words; None when it is none of ours."""
    entry, card = entry_from(form), offered(str(form.get("test_card")))
    if card is None:
        return entry.without_secrets(), None
    year = datetime.fromtimestamp(simulator_of(request).store.now(), UTC).year
    return filled_in(entry, card, year=year), card.in_words
