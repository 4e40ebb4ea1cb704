"""Whether a sale is taxed, at which rate, and why not.

docs.stripe.com/tax/zero-tax and docs.stripe.com/tax/supported-countries/european-union: nothing is
collected where the seller is not registered; a business that gives its tax id and buys from another
country pays the tax itself (reverse charge).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from stripe_simulator.tax.levies import EUROPEAN_UNION, Levy, Place, levy_of

OSS = ("oss_union", "oss_non_union")
PREFIXES = {"GR": "EL"}
"""Of VAT numbers, where they are not the code of the country."""
BUSINESS_IDS = {"AU": "au_abn", "GB": "gb_vat", "NO": "no_vat", "NZ": "nz_gst"}
"""Countries outside of the EU whose businesses pay the tax on what they buy abroad themselves."""
EXEMPT = {"exempt": "customer_exempt", "reverse": "reverse_charge"}
NOTHING_TAXABLE = frozenset(
    {"customer_exempt", "not_collecting", "not_subject_to_tax", "not_supported"}
)


@dataclass(frozen=True)
class Registration:
    """That the seller collects taxes there. `scheme`: of the type `standard`, within the EU."""

    country: str
    type: str
    scheme: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Buyer:
    """`tax_ids`: pairs of type and value. `exempt`: none, exempt, or reverse."""

    place: Place
    tax_ids: Sequence[tuple[str, str]] = ()
    exempt: str = "none"


@dataclass(frozen=True)
class Treatment:
    """`reason`: Stripe's `taxability_reason`. `levy` is None where no tax is known."""

    levy: Levy | None
    reason: str

    @property
    def counts(self) -> bool:
        """Whether the amount is one that tax is, or would have been, counted of."""
        return self.reason not in NOTHING_TAXABLE


def treat(seller: Place, buyer: Buyer, registrations: Sequence[Registration]) -> Treatment:
    levy = levy_of(buyer.place)
    if levy is None:
        return Treatment(None, "not_supported")
    if levy.percentage == 0:
        return Treatment(levy, "not_subject_to_tax")
    relief = EXEMPT.get(buyer.exempt)
    if relief or pays_itself(seller, buyer, registrations):
        return free(levy, relief or "reverse_charge")
    collected = collected_levy(levy, seller, registrations)
    return Treatment(collected, "standard_rated") if collected else free(levy, "not_collecting")


def collected_levy(levy: Levy, seller: Place, registrations: Sequence[Registration]) -> Levy | None:
    """That of the buyer's place, or of the seller's own; None where nothing is collected."""
    if collects_at(levy.place, seller, registrations):
        return levy
    return levy_of(seller) if taxes_at_home(seller, levy.place, registrations) else None


def free(levy: Levy, reason: str) -> Treatment:
    return Treatment(replace(levy, percentage=Decimal(0)), reason)


def pays_itself(seller: Place, buyer: Buyer, registrations: Sequence[Registration]) -> bool:
    country = buyer.place.country
    if country == seller.country or not is_business(buyer):
        return False
    if country in EUROPEAN_UNION:
        return any(one.country in EUROPEAN_UNION for one in registrations)
    return any(one.country == country for one in registrations)


def is_business(buyer: Buyer) -> bool:
    """It gave a tax id of its own country."""
    country = buyer.place.country
    if country in EUROPEAN_UNION:
        prefix = PREFIXES.get(country, country)
        return any(
            kind == "eu_vat" and value.upper()[:2] == prefix for kind, value in buyer.tax_ids
        )
    return any(kind == BUSINESS_IDS.get(country) for kind, _ in buyer.tax_ids)


def collects_at(place: Place, seller: Place, registrations: Sequence[Registration]) -> bool:
    """One Stop Shop reaches every other country of the EU; a standard registration its own."""
    in_eu = place.country in EUROPEAN_UNION
    for one in registrations:
        if one.type in OSS:
            if in_eu and place.country != seller.country:
                return True
        elif one.country == place.country and one.state in (None, place.state):
            return True
    return False


def taxes_at_home(seller: Place, place: Place, registrations: Sequence[Registration]) -> bool:
    """A small seller charges the tax of its own country to consumers of the whole EU."""
    return (
        place.country in EUROPEAN_UNION
        and seller.country in EUROPEAN_UNION
        and any(
            one.country == seller.country and one.scheme == "small_seller" for one in registrations
        )
    )
