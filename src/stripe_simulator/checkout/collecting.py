"""What the hosted page asks for beside the card, ready to be drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stripe_simulator.checkout import asking
from stripe_simulator.checkout.answers import known_of
from stripe_simulator.checkout.countries import COUNTRIES
from stripe_simulator.checkout.tax_numbers import TAX_NUMBERS
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

Option = tuple[str, str]
"""Its value, and the words for it."""


@dataclass(frozen=True)
class FieldView:
    """A custom field. `kind`: text, numeric or dropdown; lengths are None where any will do."""

    name: str
    label: str
    kind: str
    optional: bool
    default: str
    longest: int | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Asks:
    """`individual`, `business`: whose name; None, "optional" or "required". `tax`: None, "never"
    (it may be left out) or "if_supported". `countries`: where the seller delivers. `texts`: the
    seller's own words, by place. `known`: answers that a customer gave before, by field.
    """

    individual: str | None = None
    business: str | None = None
    phone: bool = False
    countries: tuple[Option, ...] = ()
    billing: bool = False
    tax: str | None = None
    fields: tuple[FieldView, ...] = ()
    terms: bool = False
    promotions: bool = False
    hides_agreement: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_countries(self) -> tuple[Option, ...]:
        return tuple(COUNTRIES.items())

    @property
    def tax_kinds(self) -> tuple[Option, ...]:
        return tuple((kind, number.label) for kind, number in TAX_NUMBERS.items())


def limits(entry: Json) -> tuple[int, int] | None:
    """The fewest and the most of a line; None when its quantity stands."""
    rule = entry["item"]["adjustable_quantity"]
    return (rule["minimum"], rule["maximum"]) if rule and rule["enabled"] else None


def asks_of(tx: Transaction, session: Json) -> Asks:
    consent = session["consent_collection"] or {}
    reuse = consent.get("payment_method_reuse_agreement") or {}
    customer = tx.get(session["customer"]) if session["customer"] else None
    delivered = set(asking.delivers_to(session))
    return Asks(
        individual=asking.asks_for_name(session, "individual"),
        business=asking.asks_for_name(session, "business"),
        phone=asking.asks_for_phone(session),
        countries=tuple((code, name) for code, name in COUNTRIES.items() if code in delivered),
        billing=asking.asks_for_address(session),
        tax=asking.asks_for_tax_id(session),
        fields=tuple(field_view(one) for one in session["custom_fields"]),
        terms=asking.wants_agreement(session),
        promotions=asking.offers_promotions(session),
        hides_agreement=reuse.get("position") == "hidden",
        texts={place: one["message"] for place, one in session["custom_text"].items() if one},
        known=known_of(customer),
    )


def field_view(one: Json) -> FieldView:
    kind = one["type"]
    rules = one[kind]
    longest = asking.LONGEST.get(kind)
    return FieldView(
        name=f"custom_{one['key']}",
        label=one["label"]["custom"],
        kind=kind,
        optional=one["optional"],
        default=rules["default_value"] or "",
        longest=rules.get("maximum_length") or longest,
        options=tuple((option["value"], option["label"]) for option in rules.get("options", [])),
    )
