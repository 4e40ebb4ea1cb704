"""What a session asks its buyer for beside the card, and what is wrong with the answers.

The names of the page's fields: `phone`, `billing_line1` and the other parts of an address,
`shipping_name`, `individual_name`, `business_name`, `tax_id_type`, `tax_id`, `custom_<key>`,
`terms`, `promotions`.
"""

import re
from collections.abc import Iterator

from stripe_simulator.checkout.answers import ADDRESS, Answers, address, agreed, phone, said
from stripe_simulator.checkout.countries import COUNTRIES
from stripe_simulator.checkout.tax_numbers import TAX_NUMBERS
from stripe_simulator.checkout.taxes import is_automatic, takes_typed_address
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.tax.levies import WITH_STATES as TAXED_BY_STATE
from stripe_simulator.tax.location import buyers_place

PHONE = re.compile(r"\+?\d{7,15}")
WITH_STATES = frozenset({"AU", "BR", "CA", "IN", "MX", "US"})
WITHOUT_POSTAL_CODES = frozenset(
    "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GI GM GQ GY HK IE"  # noqa: SIM905
    " JM KE KI KM KN KP LC LY ML MO MR MS MW NR NU PA QA RW SB SC SL SR ST SY TD TG TK TO TT TV"
    " TZ UG VU YE ZW ZZ".split()
)
NAMES = {"individual": "Enter your name", "business": "Enter the name of the business"}
LONGEST = {"text": 255, "numeric": 255}
Problem = tuple[str, str]


def asks_for_address(session: Json) -> bool:
    """A tax id belongs to a place, so it is asked for together with one; a tax, too."""
    wanted = session["billing_address_collection"] == "required"
    return wanted or bool(asks_for_tax_id(session)) or needs_place(session)


def needs_place(session: Json) -> bool:
    """Automatic tax is that of the place that the buyer names."""
    return is_automatic(session) and takes_typed_address(session)


def asks_for_tax_id(session: Json) -> str | None:
    """`never`: it may be given; `if_supported`: it must be. None: it is not asked for."""
    collection = session.get("tax_id_collection") or {}
    return str(collection["required"]) if collection.get("enabled") else None


def asks_for_phone(session: Json) -> bool:
    return bool(session["phone_number_collection"]["enabled"])


def asks_for_name(session: Json, whose: str) -> str | None:
    """`whose`: "business" or "individual". "optional", "required", or None."""
    rule = (session.get("name_collection") or {}).get(whose) or {}
    if not rule.get("enabled"):
        return None
    return "optional" if rule["optional"] else "required"


def delivers_to(session: Json) -> list[str]:
    """Codes of countries; none when nothing is delivered."""
    collection = session["shipping_address_collection"] or {}
    return list(collection.get("allowed_countries", []))


def wants_agreement(session: Json) -> bool:
    return (session["consent_collection"] or {}).get("terms_of_service") == "required"


def offers_promotions(session: Json) -> bool:
    return (session["consent_collection"] or {}).get("promotions") == "auto"


def problems(session: Json, answers: Answers) -> dict[str, str]:
    """One sentence a field, in the order of the page."""
    return dict(found(session, answers))


def found(session: Json, answers: Answers) -> Iterator[Problem]:
    if asks_for_phone(session) and not PHONE.fullmatch(phone(answers) or ""):
        yield "phone", "Enter a phone number with its country code, like +44 20 7946 0958"
    for whose, sentence in NAMES.items():
        if asks_for_name(session, whose) == "required" and not said(answers, f"{whose}_name"):
            yield f"{whose}_name", sentence
    countries = delivers_to(session)
    if countries:
        if not said(answers, "shipping_name"):
            yield "shipping_name", "Enter the name that the delivery is for"
        yield from place(answers, "shipping", countries)
    if asks_for_address(session):
        yield from place(answers, "billing", list(COUNTRIES))
    if needs_place(session):
        yield from taxable(answers, "shipping" if countries else "billing")
    yield from tax(session, answers)
    for field in session["custom_fields"]:
        yield from custom(field, said(answers, f"custom_{field['key']}"))
    if wants_agreement(session) and not agreed(answers, "terms"):
        yield "terms", "Agree to the terms of service to go on"


def place(answers: Answers, of: str, countries: list[str]) -> Iterator[Problem]:
    parts = {part: said(answers, f"{of}_{part}") for part in ADDRESS}
    country = parts["country"] or ""
    if not parts["line1"]:
        yield f"{of}_line1", "Enter the street and number"
    if not parts["postal_code"] and country not in WITHOUT_POSTAL_CODES:
        yield f"{of}_postal_code", "Enter the postal code"
    if not parts["city"]:
        yield f"{of}_city", "Enter the city"
    if not parts["state"] and country in WITH_STATES:
        yield f"{of}_state", "Enter the state"
    if country not in countries:
        yield f"{of}_country", "Choose the country"


def taxable(answers: Answers, of: str) -> Iterator[Problem]:
    """Complete, and yet not precise enough: a postal code or a state that is none."""
    given = address(answers, of) or {}
    if given.get("country") not in WITH_STATES or buyers_place(given):
        return
    state = (given.get("state") or "").upper()
    if state not in TAXED_BY_STATE.get(given["country"], {state}):
        yield f"{of}_state", "Enter the state in two letters, like CA"
    else:
        yield f"{of}_postal_code", "Enter the postal code in five digits"


def tax(session: Json, answers: Answers) -> Iterator[Problem]:
    """Whoever gives a tax id gives all of it: the name of the business, the kind, the number."""
    rule = asks_for_tax_id(session)
    given = [said(answers, name) for name in ("business_name", "tax_id_type", "tax_id")]
    if rule is None or (rule == "never" and not (given[0] or given[2])):
        return
    name, kind, value = given
    if not name and asks_for_name(session, "business") != "required":
        yield "business_name", "Enter the name of the business"
    number = TAX_NUMBERS.get(kind or "")
    if number is None:
        yield "tax_id_type", "Choose the kind of tax ID"
    elif not value or not number.fits(value):
        yield "tax_id", f"Enter the {number.label}, like {number.example}"


def custom(field: Json, value: str | None) -> Iterator[Problem]:
    name, label, kind = f"custom_{field['key']}", field["label"]["custom"], field["type"]
    rules = field[kind]
    if value is None:
        if not field["optional"]:
            yield name, f"Choose “{label}”" if kind == "dropdown" else f"Enter “{label}”"
        return
    if kind == "dropdown":
        if value not in {option["value"] for option in rules["options"]}:
            yield name, f"Choose “{label}” from the list"
        return
    if kind == "numeric" and not (value.isascii() and value.isdigit()):
        yield name, f"“{label}” takes digits only"
        return
    unit = "digits" if kind == "numeric" else "characters"
    shortest, longest = rules["minimum_length"] or 0, rules["maximum_length"] or LONGEST[kind]
    if len(value) < shortest:
        yield name, f"“{label}” takes at least {shortest} {unit}"
    elif len(value) > longest:
        yield name, f"“{label}” takes at most {longest} {unit}"


def check_answers(store: Store, session_id: str, answers: Answers) -> dict[str, str]:
    """As `problems`, of a session that exists."""
    return problems(store.reading().need("checkout.session", session_id), answers)
