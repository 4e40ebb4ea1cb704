"""Automatic tax of a customer: the treatment of what is sold to them, and the rates that show it.

Stripe makes a tax rate for whatever it has worked out, which nobody can use by hand; so does this.
"""

from dataclasses import dataclass

from stripe_simulator.objects.tax_rate import tax_rate
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import registrations, settings
from stripe_simulator.tax.levies import Levy, Place
from stripe_simulator.tax.location import place_of
from stripe_simulator.tax.treatment import Buyer, Treatment, treat

SELLER = {"type": "self"}


@dataclass(frozen=True)
class Assessment:
    """How one customer is taxed. `treatment` None: nobody knows yet where they are."""

    settings: Json
    treatment: Treatment | None

    @property
    def status(self) -> str:
        """Of the calculation, as invoices and sessions say it."""
        return "complete" if self.treatment else "requires_location_inputs"


def assess(
    tx: Transaction, customer: Json, *, more_ids: tuple[tuple[str, str], ...] = ()
) -> Assessment:
    """`customer`: an object, kept or not. `more_ids`: tax ids that are not kept yet."""
    current = settings.current(tx)
    seller, place = settings.head_office(current), place_of(tx, customer)
    if seller is None or place is None:
        return Assessment(current, None)
    found = tx.find("tax_id", customer=customer["id"]) if customer.get("id") else []
    ids = [(one["type"], one["value"]) for one in found]
    buyer = Buyer(place, (*ids, *more_ids), customer.get("tax_exempt") or "none")
    return Assessment(current, treat(seller, buyer, registrations.active(tx)))


def rate_of(tx: Transaction, levy: Levy, *, inclusive: bool) -> Json:
    """The rate that shows this levy: always the same one, made when it is wanted first."""
    place, percentage = levy.place, levy.percentage
    key = f"{place.country}:{place.state}:{levy.kind}:{percentage}:{inclusive}"
    id_ = tx.id_for("tax_rate", key)
    known = tx.get(id_, "tax_rate")
    if known:
        return known
    where = f"{place.state}, {place.country}" if place.state else place.country
    built = tax_rate(
        id_,
        {
            "active": False,
            "country": place.country,
            "description": f"{levy.name} {where}",
            "display_name": levy.name,
            "inclusive": inclusive,
            "jurisdiction": place.state or place.country,
            "metadata": {},
            "percentage": percentage,
            "state": place.state,
            "tax_type": levy.kind,
        },
        now=tx.now,
    )
    built["effective_percentage"] = built["percentage"]
    built["jurisdiction_level"] = jurisdiction_level(place)
    return tx.add(built)


def jurisdiction_level(place: Place) -> str:
    return "state" if place.state else "country"


def switched(*, on: bool) -> Json:
    """`automatic_tax` of a subscription."""
    return {"disabled_reason": None, "enabled": on, "liability": dict(SELLER) if on else None}


def calculated(assessment: Assessment | None) -> Json:
    """`automatic_tax` of an invoice; None for one without."""
    return {
        **switched(on=assessment is not None),
        "provider": "stripe" if assessment else None,
        "status": assessment.status if assessment else None,
    }
