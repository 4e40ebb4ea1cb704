"""Whose business this is."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def account(tx: Transaction) -> Json:
    """The one account that every simulator has."""
    return tx.settled("account")[0]


def name(tx: Transaction) -> str:
    """What customers read on pages and invoices."""
    return str(account(tx)["business_profile"]["name"])
