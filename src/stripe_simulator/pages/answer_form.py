"""The payment page's fields beside the card: read from a form, and put in the page's order."""

import re
from collections.abc import Mapping

from stripe_simulator.checkout.collecting import Asks
from stripe_simulator.pages.entry import Problems

OURS = re.compile(
    r"phone|(billing|shipping)_\w+|(business|individual)_name|tax_id(_type)?|terms|promotions|custom_\w+"
)
LONGEST = 500
ORDER = (
    re.compile(r"email|phone|individual_name"),
    re.compile(r"shipping_\w+"),
    re.compile(r"number|exp_\w+|cvc|name"),
    re.compile(r"billing_\w+"),
    re.compile(r"business_name|tax_id\w*"),
    re.compile(r"custom_\w+"),
)


def answers_from(form: Mapping[str, object]) -> dict[str, str]:
    return {
        name: str(value).strip()[:LONGEST] for name, value in form.items() if OURS.fullmatch(name)
    }


def first_answers(asks: Asks) -> dict[str, str]:
    """What stands in the fields before anybody typed: defaults, and what is known already."""
    answers = {field.name: field.default for field in asks.fields} | dict(asks.known)
    if len(asks.countries) == 1:
        answers.setdefault("shipping_country", asks.countries[0][0])
    return answers


def in_page_order(problems: Problems) -> Problems:
    return dict(sorted(problems.items(), key=lambda one: rank(one[0])))


def rank(name: str) -> int:
    places = (place for place, names in enumerate(ORDER) if names.fullmatch(name))
    return next(places, len(ORDER))
