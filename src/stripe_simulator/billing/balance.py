"""The account's balance: one transaction for everything that moves it.

The fee is the simulator's own and the same for every card and currency: 2.9 % and 30 minor units
for a charge, 1500 for a dispute. Money becomes available two days later.
"""

from decimal import ROUND_HALF_UP, Decimal

from stripe_simulator.objects.balance import balance_transaction
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction

PERCENT, FIXED, DISPUTE_FEE = Decimal("0.029"), 30, 1500
AVAILABLE_AFTER = 2 * DAY


def fee_of(amount: int) -> int:
    share = (amount * PERCENT).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(share) + FIXED


def record(
    tx: Transaction,
    *,
    kind: str,
    source: str,
    amount: int,
    currency: str,
    category: str | None = None,
    fee: int = 0,
    description: str | None = None,
) -> Json:
    return tx.add(
        balance_transaction(
            tx.new_id("balance_transaction"),
            kind=kind,
            category=category or kind,
            source=source,
            amount=amount,
            fee=fee,
            currency=currency,
            description=description,
            available_on=tx.now + AVAILABLE_AFTER,
            now=tx.now,
        )
    )


def charged(tx: Transaction, charge: Json) -> str:
    """The id of the transaction that brings a captured charge."""
    amount = charge["amount_captured"]
    made = record(
        tx,
        kind="charge",
        source=charge["id"],
        amount=amount,
        fee=fee_of(amount),
        currency=charge["currency"],
        description=charge["description"],
    )
    return str(made["id"])


def today(transaction: Json, now: int) -> Json:
    """A copy that says whether the money is there by now."""
    there = transaction["available_on"] <= now
    return transaction | {"status": "available" if there else "pending"}


def sums(tx: Transaction) -> dict[str, tuple[int, int]]:
    """Available and pending, by currency."""
    found: dict[str, tuple[int, int]] = {}
    for one in tx.find("balance_transaction"):
        available, pending = found.get(one["currency"], (0, 0))
        if one["available_on"] <= tx.now:
            found[one["currency"]] = (available + one["net"], pending)
        else:
            found[one["currency"]] = (available, pending + one["net"])
    return found
