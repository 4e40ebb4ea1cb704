"""Taxes of an invoice: on each line, after its discounts.

docs.stripe.com/billing/taxes/tax-rates: inclusive tax is a part of the amount, exclusive tax is
added to it; a line's own rates take the place of the invoice's default ones, and several inclusive
rates share one amount. Each tax of each line is rounded for itself. With automatic tax the rates
are worked out (docs.stripe.com/tax) instead of being named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stripe_simulator.money import rounded
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import automatic, settings
from stripe_simulator.tax.automatic import Assessment
from stripe_simulator.tax.behavior import behavior_of_price
from stripe_simulator.tax.treatment import EXEMPT


@dataclass(frozen=True)
class Sums:
    """Minor units. `within_subtotal`: inclusive tax of the lines as if without discounts."""

    taxes: list[Json]
    exclusive: int
    inclusive: int
    within_subtotal: int


@dataclass(frozen=True)
class Rates:
    """What is counted on a line, and Stripe's word for why. `pays`: whether anything is to be
    paid; `counts`: whether the amount is told as taxable.
    """

    rates: Sequence[Json]
    reason: str = "not_available"
    pays: bool = True
    counts: bool = True


def apply(tx: Transaction, invoice: Json, customer: Json) -> Sums:
    """Writes `taxes` of every line; answers what each rate comes to in all."""
    assessment = assessed(tx, invoice, customer)
    found: list[Json] = []
    within = 0
    for line in invoice["lines"]["data"]:
        counted = rates_of(tx, invoice, line, customer, assessment)
        if not counted.rates:
            line["taxes"] = []
            continue
        off = sum(one["amount"] for one in line["discount_amounts"])
        line["taxes"] = list(of_amount(line["amount"] - off, counted, line["currency"]))
        whole = of_amount(line["amount"], counted, line["currency"])
        within += sum_of(whole, "inclusive")
        found += line["taxes"]
    taxes = summed(found)
    return Sums(taxes, sum_of(taxes, "exclusive"), sum_of(taxes, "inclusive"), within)


def assessed(tx: Transaction, invoice: Json, customer: Json) -> Assessment | None:
    """None without automatic tax; what came of it is written on the invoice."""
    if not invoice["automatic_tax"]["enabled"]:
        return None
    assessment = automatic.assess(tx, customer)
    invoice["automatic_tax"] = automatic.calculated(assessment)
    return assessment


def credited(line: Json, amount: int) -> list[Json]:
    """The part of a line's taxes that goes with this part of its amount."""
    whole = line["amount"]
    return [
        tax
        | {
            name: rounded(Decimal(tax[name]) * amount / whole, line["currency"])
            for name in ("amount", "taxable_amount")
        }
        for tax in (line["taxes"] if whole else [])
    ]


def summed(found: Iterable[Json]) -> list[Json]:
    """One entry for each rate."""
    totals: dict[str, Json] = {}
    for tax in found:
        add(totals, tax)
    return list(totals.values())


def sum_of(taxes: Iterable[Json], behavior: str) -> int:
    return sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == behavior)


def add(totals: dict[str, Json], tax: Json) -> None:
    known = totals.setdefault(
        tax["tax_rate_details"]["tax_rate"], tax | {"amount": 0, "taxable_amount": 0}
    )
    known["amount"] += tax["amount"]
    known["taxable_amount"] += tax["taxable_amount"]


def rates_of(
    tx: Transaction, invoice: Json, line: Json, customer: Json, assessment: Assessment | None
) -> Rates:
    if assessment is not None:
        return worked_out(tx, assessment, tax_behavior(tx, line), line["currency"])
    exempt = EXEMPT.get(str(customer.get("tax_exempt")))
    named = named_rates(tx, invoice, line)
    return Rates(named, reason=exempt, pays=False) if exempt else Rates(named)


def worked_out(
    tx: Transaction, assessment: Assessment, behavior: str | None, currency: str
) -> Rates:
    """Of an amount whose price says `behavior`; what nobody has said is added."""
    treatment = assessment.treatment
    if treatment is None or treatment.levy is None:
        return Rates(())
    chosen = settings.behavior_of(assessment.settings, behavior, currency)
    rate = automatic.rate_of(tx, treatment.levy, inclusive=chosen == "inclusive")
    return Rates((rate,), reason=treatment.reason, counts=treatment.counts)


def tax_behavior(tx: Transaction, line: Json) -> str | None:
    """The price's, or that of the invoice item behind the line."""
    details = (line["pricing"] or {}).get("price_details")
    price = tx.get(details["price"], "price") if details else None
    if price:
        return behavior_of_price(price, line["currency"])
    return (item_behind(tx, line) or {}).get("_tax_behavior")


def named_rates(tx: Transaction, invoice: Json, line: Json) -> list[Json]:
    """The line's own rates, those of the item behind it, or the default ones."""
    own = invoice.get("_tax_rates", {}).get(line["id"])
    if own is not None:
        return list(own)
    item = item_behind(tx, line)
    found: list[Json] = (item or {}).get("tax_rates") or invoice["default_tax_rates"]
    return found


def item_behind(tx: Transaction, line: Json) -> Json | None:
    parent = line["parent"] or {}
    details = parent.get("invoice_item_details") or parent.get("subscription_item_details") or {}
    return tx.get(details["invoice_item"], "invoiceitem") if details.get("invoice_item") else None


def of_amount(amount: int, counted: Rates, currency: str) -> Iterator[Json]:
    """Negative for a credit. A price that includes tax stays as it is when none is to be paid.

    docs.stripe.com/tax/zero-tax#reverse-charge.
    """
    inside = sum((percent(rate) for rate in counted.rates if rate["inclusive"]), Decimal(0))
    net = Decimal(amount) * 100 / (100 + (inside if counted.pays else 0))
    for rate in counted.rates:
        yield {
            "amount": rounded(net * percent(rate) / 100, currency) if counted.pays else 0,
            "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]},
            "taxability_reason": counted.reason,
            "taxable_amount": rounded(net, currency) if counted.counts else 0,
            "type": "tax_rate_details",
        }


def percent(rate: Json) -> Decimal:
    return Decimal(str(rate["percentage"]))
