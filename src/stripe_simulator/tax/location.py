"""Where somebody is, for taxes.

docs.stripe.com/tax/customer-locations: the first that is there of the delivery address, the billing
address and that of the default card; a country is enough, but in the US it takes a five-digit
postal code. The state is not worked out from a postal code here: it is to be given.
"""

import re

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.levies import WITH_STATES, Place

US_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?")
NOT_RECOGNIZED = (
    "The customer's location isn't recognized. Set a valid customer address in order to"
    " automatically calculate tax."
)
INVALID = "customer_tax_location_invalid"
"""The code of the error that says so."""


def address_of(tx: Transaction, customer: Json) -> tuple[Json, str] | None:
    """The address that counts, and Stripe's word for where it comes from."""
    delivery = (customer.get("shipping") or {}).get("address")
    if delivery and any(delivery.values()):
        return delivery, "shipping_destination"
    address = customer.get("address")
    if address and any(address.values()):
        return address, "billing_address"
    default = (customer.get("invoice_settings") or {}).get("default_payment_method")
    method = tx.get(default, "payment_method") if default else None
    billing = method["billing_details"]["address"] if method else None
    return (billing, "payment_method") if billing and any(billing.values()) else None


def place_of(tx: Transaction, customer: Json) -> Place | None:
    """None when no address tells it precisely enough."""
    found = address_of(tx, customer)
    return buyers_place(found[0]) if found else None


def buyers_place(address: Json) -> Place | None:
    place = place_in(address)
    if place and place.country == "US":
        return place if US_POSTAL_CODE.fullmatch(address.get("postal_code") or "") else None
    return place


def place_in(address: Json | None) -> Place | None:
    """The country, and the state where taxes differ by state. None when either is missing."""
    country = ((address or {}).get("country") or "").upper()
    if not country or country not in WITH_STATES:
        return Place(country) if country else None
    state = ((address or {}).get("state") or "").upper()
    return Place(country, state) if state in WITH_STATES[country] else None
