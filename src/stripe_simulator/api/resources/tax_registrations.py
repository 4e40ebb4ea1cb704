"""Where the seller collects taxes: the registrations that automatic tax looks at."""

from collections.abc import Mapping
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, post
from stripe_simulator.api.pagination import page_of
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.levies import EUROPEAN_UNION, SUPPORTED, WITH_STATES
from stripe_simulator.tax.registrations import KIND, as_of, status

URL = "/v1/tax/registrations"
SCHEMES = ("standard", "inbound_goods")
EU_TYPES = ("standard", "ioss", "oss_non_union", "oss_union")


def standard(*schemes: str) -> p.Type:
    return p.hash_of({"place_of_supply_scheme": p.choice(*schemes)})


def options_of(country: str) -> Mapping[str, p.Type]:
    """What a registration there may be."""
    if country == "US":
        return {"type": p.choice("state_sales_tax"), "state": p.choice(*sorted(WITH_STATES["US"]))}
    if country == "CA":
        return {"type": p.choice("standard", "simplified")}
    if country in EUROPEAN_UNION:
        return {"type": p.choice(*EU_TYPES), "standard": standard(*SCHEMES, "small_seller")}
    return {"type": p.choice("standard", "simplified"), "standard": standard(*SCHEMES)}


def country(value: Any, path: str) -> str:
    code = p.filled(value, path).upper()
    if code not in SUPPORTED:
        raise invalid(f"The simulator knows no taxes of {code}.", param=path)
    return code


def anything(value: Any, path: str) -> Json:
    """Read once the country is known."""
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=path, code="parameter_invalid_object")
    return value


def unset_or_moment(value: Any, path: str) -> int | str | None:
    return None if value == "" else p.now_or_moment(value, path)


def create(tx: Transaction, params: Json) -> Json:
    place, begins = params["country"], params["active_from"]
    made = {
        "id": tx.new_id(KIND),
        "object": KIND,
        "active_from": tx.now if begins == "now" else begins,
        "country": place,
        "country_options": {place.lower(): options(params["country_options"], place)},
        "created": tx.now,
        "expires_at": params.get("expires_at"),
        "livemode": False,
        "status": "active",
    }
    check_order(made)
    return as_of(tx.add(made), tx.now)


def options(given: Json, place: str) -> Json:
    """Those of the country. Errors: 400 without them, or for a type that it has not."""
    path = f"country_options[{place.lower()}]"
    if given.get(place.lower()) is None:
        raise missing_parameter(path)
    required = frozenset({"type", "state"} if place == "US" else {"type"})
    parsed = p.parse(given[place.lower()], options_of(place), required, path)
    if parsed["type"] == "standard" and place != "CA":
        parsed.setdefault("standard", {"place_of_supply_scheme": "standard"})
    return parsed


def check_order(made: Json) -> None:
    ends = made["expires_at"]
    if ends is not None and ends <= made["active_from"]:
        raise invalid("expires_at must be later than active_from.", param="expires_at")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return as_of(tx.need(KIND, id_), tx.now)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    made = tx.need(KIND, id_)
    if status(made, tx.now) == "expired":
        raise invalid("An expired registration cannot be changed.")
    for name in ("active_from", "expires_at"):
        if name in params:
            made[name] = tx.now if params[name] == "now" else params[name]
    if params.get("expires_at") != "now":
        check_order(made)
    return as_of(tx.save(made), tx.now)


def search(tx: Transaction, params: Json) -> Json:
    """The status is that of now, so that it is looked for among all."""
    found = [as_of(one, tx.now) for one in tx.find(KIND)]
    asked = params.get("status", "all")
    having = [one for one in found if asked in ("all", one["status"])]
    return page_of(having, params, url=URL)


OPERATIONS = (
    post(
        URL,
        create,
        {
            "active_from": p.now_or_moment,
            "country": country,
            "country_options": anything,
            "expires_at": p.moment,
        },
        "active_from",
        "country",
        "country_options",
    ),
    listing(URL, search, status=p.choice("active", "all", "expired", "scheduled")),
    get(f"{URL}/{{id}}", retrieve),
    post(
        f"{URL}/{{id}}",
        update,
        {"active_from": p.now_or_moment, "expires_at": unset_or_moment},
    ),
)
