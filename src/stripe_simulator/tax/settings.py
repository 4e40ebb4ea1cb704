"""The seller's tax settings: one object, pending until there is a head office."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.levies import Place
from stripe_simulator.tax.location import place_in

KIND = "tax.settings"
ID = "tax_settings"
"""Under which it is kept: at Stripe it has no id."""
HEAD_OFFICE = "head_office"
EXCLUSIVE_CURRENCIES = ("cad", "usd")


def current(tx: Transaction) -> Json:
    """As it is kept, or as it is before anybody has set anything. Carries `ID`."""
    return (tx.get(ID, KIND) if tx.has_any(KIND) else None) or with_status(
        {
            "id": ID,
            "object": KIND,
            "defaults": {"provider": "stripe", "tax_behavior": None, "tax_code": None},
            "head_office": None,
            "livemode": False,
        }
    )


def with_status(settings: Json) -> Json:
    """Active as soon as it is known where the seller is."""
    if head_office(settings) is None:
        pending = {"missing_fields": [HEAD_OFFICE]}
        return settings | {"status": "pending", "status_details": {"pending": pending}}
    return settings | {"status": "active", "status_details": {"active": {}}}


def keep(tx: Transaction, settings: Json) -> None:
    if tx.get(ID, KIND):
        tx.save(settings)
    else:
        tx.add(settings)


def head_office(settings: Json) -> Place | None:
    return place_in((settings["head_office"] or {}).get("address"))


def behavior_of(settings: Json, given: str | None, currency: str) -> str | None:
    """`inclusive` or `exclusive`: the price's own word, else the default; None without either."""
    if given in ("inclusive", "exclusive"):
        return given
    default: str | None = settings["defaults"]["tax_behavior"]
    if default == "inferred_by_currency":
        return "exclusive" if currency in EXCLUSIVE_CURRENCIES else "inclusive"
    return default
