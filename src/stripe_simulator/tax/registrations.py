"""Where the seller collects taxes: from when to when, as what."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.treatment import Registration

KIND = "tax.registration"


def as_of(registration: Json, now: int) -> Json:
    """With the status that time has given it."""
    return registration | {"status": status(registration, now)}


def status(registration: Json, now: int) -> str:
    if registration["expires_at"] is not None and registration["expires_at"] <= now:
        return "expired"
    return "active" if registration["active_from"] <= now else "scheduled"


def active(tx: Transaction) -> list[Registration]:
    return [read(one) for one in tx.find(KIND) if status(one, tx.now) == "active"]


def read(registration: Json) -> Registration:
    country = registration["country"]
    options = registration["country_options"][country.lower()]
    scheme = (options.get("standard") or {}).get("place_of_supply_scheme")
    return Registration(country, options["type"], scheme, options.get("state"))
