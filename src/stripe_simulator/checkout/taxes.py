"""Taxes of a session: of tax rates that its seller names, or automatic ones.

docs.stripe.com/tax/checkout: automatic tax needs to know where the buyer is. Until they have said
it, the amounts are without tax and the session's status is `requires_location_inputs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stripe_simulator.billing import taxes
from stripe_simulator.billing.taxes import Rates
from stripe_simulator.checkout import answers as told
from stripe_simulator.checkout import dues
from stripe_simulator.checkout.answers import Answers
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import automatic
from stripe_simulator.tax.automatic import Assessment
from stripe_simulator.tax.behavior import behavior_of_price
from stripe_simulator.tax.treatment import EXEMPT


@dataclass(frozen=True)
class TaxView:
    """A tax as the page shows it, in minor units. `inclusive`: it is in the prices already."""

    label: str
    amount: int
    inclusive: bool


def is_automatic(session: Json) -> bool:
    return bool(session["automatic_tax"]["enabled"])


def takes_typed_address(session: Json) -> bool:
    """Whether the address on the page decides, instead of the one that the customer has."""
    allowed = session.get("_customer_update") or {}
    return not session["customer"] or "auto" in (allowed.get("address"), allowed.get("shipping"))


def buyer_of(tx: Transaction, session: Json) -> Json:
    """The customer as they will be once the session is complete."""
    known = tx.get(session["customer"], "customer") if session["customer"] else None
    buyer = dict(known or {})
    if takes_typed_address(session):
        answers: Answers = session.get("_answers") or {}
        typed = {"address": told.address(answers, "billing"), "shipping": told.shipping(answers)}
        buyer |= {name: value for name, value in typed.items() if value}
    return buyer


def assessment_of(tx: Transaction, session: Json) -> Assessment | None:
    """None without automatic tax; its status is written on the session."""
    if not is_automatic(session):
        return None
    given = told.tax_id(session.get("_answers") or {})
    ids = ((given["type"], given["value"]),) if given else ()
    assessment = automatic.assess(tx, buyer_of(tx, session), more_ids=ids)
    session["automatic_tax"]["status"] = assessment.status
    return assessment


def apply(tx: Transaction, session: Json) -> int:
    """Writes the taxes of every line; answers what is added to the prices. Minor units."""
    assessment = assessment_of(tx, session)
    free = dues.trial_end(session, tx.now) is not None
    found: list[Json] = []
    for entry in session["_items"]:
        item = entry["item"]
        due = dues.due_today(entry, free=free)
        of_line = taxed(tx, session, entry, due - item["amount_discount"] if due else 0, assessment)
        item["amount_tax"] = sum(tax["amount"] for tax in of_line)
        item["amount_total"] += taxes.sum_of(of_line, "exclusive")
        found += of_line
    session["_taxes"] = taxes.summed(found)
    session["total_details"]["amount_tax"] = sum(tax["amount"] for tax in found)
    return taxes.sum_of(found, "exclusive")


def added_later(tx: Transaction, session: Json, amounts: Sequence[int]) -> int:
    """What is added to these amounts, one for each line, in the periods to come."""
    assessment = assessment_of(tx, session)
    return sum(
        taxes.sum_of(taxed(tx, session, entry, amount, assessment), "exclusive")
        for entry, amount in zip(session["_items"], amounts, strict=True)
    )


def taxed(
    tx: Transaction, session: Json, entry: Json, amount: int, assessment: Assessment | None
) -> list[Json]:
    counted = rates_of(tx, session, entry, assessment)
    return list(taxes.of_amount(amount, counted, session["currency"]))


def rates_of(tx: Transaction, session: Json, entry: Json, assessment: Assessment | None) -> Rates:
    if assessment is not None:
        behavior = behavior_of_price(entry["price"], session["currency"])
        return taxes.worked_out(tx, assessment, behavior, session["currency"])
    customer = tx.get(session["customer"]) if session["customer"] else None
    exempt = EXEMPT.get(str((customer or {}).get("tax_exempt")))
    default = session["_subscription_data"].get("default_tax_rates") or []
    named = entry.get("tax_rates") or (default if entry["price"]["recurring"] else [])
    return Rates(named, reason=exempt, pays=False) if exempt else Rates(named)


def shown_taxes(tx: Transaction, session: Json) -> tuple[TaxView, ...]:
    found = []
    for tax in session.get("_taxes") or []:
        rate = tx.need("tax_rate", tax["tax_rate_details"]["tax_rate"])
        found.append(TaxView(label_of(rate, tax), tax["amount"], rate["inclusive"]))
    return tuple(found)


def label_of(rate: Json, tax: Json) -> str:
    """`VAT (19 %)`, or why there is none."""
    if tax["taxability_reason"] == "reverse_charge":
        return f"{rate['display_name']}, reverse charge: you account for it"
    return f"{rate['display_name']} ({rate['percentage']:g} %)"
