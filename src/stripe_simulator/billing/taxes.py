"""Taxes of the rates that somebody has set: on each line, after its discounts.

docs.stripe.com/billing/taxes/tax-rates: inclusive tax is a part of the amount, exclusive tax is
added to it; a line's own rates take the place of the invoice's default ones, and several inclusive
rates share one amount. Each tax of each line is rounded for itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stripe_simulator.money import rounded
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

EXEMPT = {"exempt": "customer_exempt", "reverse": "reverse_charge"}


@dataclass(frozen=True)
class Sums:
    """Minor units. `within_subtotal`: inclusive tax of the lines as if without discounts."""

    taxes: list[Json]
    exclusive: int
    inclusive: int
    within_subtotal: int


def apply(tx: Transaction, invoice: Json, customer: Json) -> Sums:
    """Writes `taxes` of every line; answers what each rate comes to in all."""
    reason = EXEMPT.get(str(customer.get("tax_exempt")))
    found: list[Json] = []
    within = 0
    for line in invoice["lines"]["data"]:
        rates = rates_of(tx, invoice, line)
        if not rates:
            line["taxes"] = []
            continue
        off = sum(one["amount"] for one in line["discount_amounts"])
        line["taxes"] = list(of_amount(line["amount"] - off, rates, line["currency"], reason))
        whole = of_amount(line["amount"], rates, line["currency"], reason)
        within += sum_of(whole, "inclusive")
        found += line["taxes"]
    taxes = summed(found)
    return Sums(taxes, sum_of(taxes, "exclusive"), sum_of(taxes, "inclusive"), within)


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


def rates_of(tx: Transaction, invoice: Json, line: Json) -> list[Json]:
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


def of_amount(
    amount: int, rates: Sequence[Json], currency: str, exempt: str | None = None
) -> Iterator[Json]:
    """Negative for a credit. `exempt`: why nothing is to be paid."""
    inside = sum((percent(rate) for rate in rates if rate["inclusive"]), Decimal(0))
    net = Decimal(amount) * 100 / (100 + inside)
    for rate in rates:
        tax = 0 if exempt else rounded(net * percent(rate) / 100, currency)
        yield {
            "amount": tax,
            "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
            "tax_rate_details": {"tax_rate": rate["id"]},
            "taxability_reason": exempt or "not_available",
            "taxable_amount": rounded(net, currency),
            "type": "tax_rate_details",
        }


def percent(rate: Json) -> Decimal:
    return Decimal(str(rate["percentage"]))
