"""What an invoice comes to: its lines, their discounts, their taxes, then the customer's balance.

docs.stripe.com/invoicing/customer/balance: a credit is used up before anything is charged, a debt
is added, and a negative total becomes a credit.
"""

from stripe_simulator.billing import discounts, taxes
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def reckon(tx: Transaction, invoice: Json, customer: Json) -> Json:
    """Every total that follows from the lines. The balance is only looked at, not used."""
    lines = invoice["lines"]["data"]
    subtotal = sum(line["amount"] for line in lines)
    off = discounts.apply(tx, lines, invoice["discounts"])
    tax = taxes.apply(tx, invoice, customer)
    net = subtotal - sum(one["amount"] for one in off)
    total = net + tax.exclusive
    invoice |= {
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - tax.within_subtotal,
        "total": total,
        "total_excluding_tax": net - tax.inclusive,
        "total_discount_amounts": off,
        "total_pretax_credit_amounts": [one | {"type": "discount"} for one in off],
        "total_taxes": tax.taxes,
    }
    balance = usable_balance(customer, invoice)
    invoice["starting_balance"] = balance
    invoice["amount_due"] = invoice["amount_remaining"] = amount_due(total, balance)
    return invoice


def amount_due(total: int, balance: int) -> int:
    """`balance`: negative is a credit of the customer's, positive a debt."""
    return max(total + balance, 0) if total > 0 else 0


def ending_balance(total: int, balance: int) -> int:
    """What is left of the balance once the invoice has used it."""
    if total <= 0:
        return balance + total
    return min(total + balance, 0)


def usable_balance(customer: Json, invoice: Json) -> int:
    """A balance is money of one currency."""
    same = customer.get("currency") in (None, invoice["currency"])
    return int(customer.get("balance") or 0) if same else 0
