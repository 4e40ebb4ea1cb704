"""The customer's balance: negative is a credit that the next invoices use up.

docs.stripe.com/billing/customer/balance.
"""

from stripe_simulator.billing import totals
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def move(
    tx: Transaction,
    customer: Json,
    *,
    amount: int,
    currency: str,
    reason: str,
    invoice: str | None = None,
    description: str | None = None,
    metadata: Json | None = None,
) -> Json:
    """One transaction; the balance it leads to is kept with the customer."""
    customer["balance"] = int(customer["balance"]) + amount
    customer["currency"] = customer["currency"] or currency
    kept = tx.add(
        {
            "id": tx.new_id("customer_balance_transaction"),
            "object": "customer_balance_transaction",
            "amount": amount,
            "checkout_session": None,
            "created": tx.now,
            "credit_note": None,
            "currency": currency,
            "customer": customer["id"],
            "customer_account": None,
            "description": description,
            "ending_balance": customer["balance"],
            "invoice": invoice,
            "livemode": False,
            "metadata": metadata or {},
            "type": reason,
        }
    )
    tx.save(customer, "customer.updated")
    return kept


def use(tx: Transaction, invoice: Json, customer: Json) -> None:
    """The invoice is finalized: its part of the balance is used, or a negative total kept."""
    start = totals.usable_balance(customer, invoice)
    end = totals.ending_balance(invoice["total"], start)
    invoice["starting_balance"] = start
    invoice["ending_balance"] = end
    due = totals.amount_due(invoice["total"], start)
    invoice["amount_due"] = invoice["amount_remaining"] = due
    if end != start:
        move(
            tx,
            customer,
            amount=end - start,
            currency=invoice["currency"],
            reason="applied_to_invoice",
            invoice=invoice["id"],
        )


def give_back(tx: Transaction, invoice: Json, customer: Json) -> None:
    """A void invoice takes nothing from the balance."""
    used = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    if used:
        move(
            tx,
            customer,
            amount=-used,
            currency=invoice["currency"],
            reason="unapplied_from_invoice",
            invoice=invoice["id"],
        )
