"""What each place levies on a sale: the general rates of November 2026.

Simpler than the world: nothing is reduced or exempt, the states of the US have their own rate
without that of counties and cities, and Canada has the federal tax or the harmonized one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """ISO codes; `state` only where taxes differ by state."""

    country: str
    state: str | None = None


@dataclass(frozen=True)
class Levy:
    """`kind`: Stripe's `tax_type`; `percentage` of the price without tax."""

    place: Place
    kind: str
    name: str
    percentage: Decimal


EUROPEAN_UNION: Mapping[str, str] = {
    "AT": "20",
    "BE": "21",
    "BG": "20",
    "CY": "19",
    "CZ": "21",
    "DE": "19",
    "DK": "25",
    "EE": "24",
    "ES": "21",
    "FI": "25.5",
    "FR": "20",
    "GR": "24",
    "HR": "25",
    "HU": "27",
    "IE": "23",
    "IT": "22",
    "LT": "21",
    "LU": "17",
    "LV": "21",
    "MT": "18",
    "NL": "21",
    "PL": "23",
    "PT": "23",
    "RO": "21",
    "SE": "25",
    "SI": "22",
    "SK": "23",
}
ELSEWHERE: Mapping[str, tuple[str, str, str]] = {
    "AU": ("gst", "GST", "10"),
    "CH": ("vat", "VAT", "8.1"),
    "GB": ("vat", "VAT", "20"),
    "JP": ("jct", "JCT", "10"),
    "NO": ("vat", "VAT", "25"),
    "NZ": ("gst", "GST", "15"),
    "SG": ("gst", "GST", "9"),
}
HARMONIZED: Mapping[str, str] = {"NB": "15", "NL": "15", "NS": "14", "ON": "13", "PE": "15"}
FEDERAL = ("AB", "BC", "MB", "NT", "NU", "QC", "SK", "YT")
US_STATES: Mapping[str, str] = {
    "AK": "0",
    "AL": "4",
    "AR": "6.5",
    "AZ": "5.6",
    "CA": "7.25",
    "CO": "2.9",
    "CT": "6.35",
    "DC": "6",
    "DE": "0",
    "FL": "6",
    "GA": "4",
    "HI": "4",
    "IA": "6",
    "ID": "6",
    "IL": "6.25",
    "IN": "7",
    "KS": "6.5",
    "KY": "6",
    "LA": "5",
    "MA": "6.25",
    "MD": "6",
    "ME": "5.5",
    "MI": "6",
    "MN": "6.875",
    "MO": "4.225",
    "MS": "7",
    "MT": "0",
    "NC": "4.75",
    "ND": "5",
    "NE": "5.5",
    "NH": "0",
    "NJ": "6.625",
    "NM": "4.875",
    "NV": "6.85",
    "NY": "4",
    "OH": "5.75",
    "OK": "4.5",
    "OR": "0",
    "PA": "6",
    "RI": "7",
    "SC": "6",
    "SD": "4.2",
    "TN": "7",
    "TX": "6.25",
    "UT": "4.85",
    "VA": "4.3",
    "VT": "6",
    "WA": "6.5",
    "WI": "5",
    "WV": "6",
    "WY": "4",
}
WITH_STATES: Mapping[str, frozenset[str]] = {
    "CA": frozenset((*HARMONIZED, *FEDERAL)),
    "US": frozenset(US_STATES),
}
SUPPORTED = frozenset((*EUROPEAN_UNION, *ELSEWHERE, *WITH_STATES))
"""Countries that one can be registered in."""


def levy_of(place: Place) -> Levy | None:
    """None where nothing is known of the country; 0 % where nothing is levied."""
    country, state = place.country, place.state or ""
    if country in EUROPEAN_UNION:
        return Levy(Place(country), "vat", "VAT", Decimal(EUROPEAN_UNION[country]))
    if country in ELSEWHERE:
        kind, name, percentage = ELSEWHERE[country]
        return Levy(Place(country), kind, name, Decimal(percentage))
    if country == "US" and state in US_STATES:
        return Levy(place, "sales_tax", "Sales Tax", Decimal(US_STATES[state]))
    if country == "CA" and state in HARMONIZED:
        return Levy(place, "hst", "HST", Decimal(HARMONIZED[state]))
    if country == "CA" and state in FEDERAL:
        return Levy(place, "gst", "GST", Decimal(5))
    return None
