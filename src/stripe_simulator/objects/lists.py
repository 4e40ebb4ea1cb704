"""Stripe's list object, as it stands inside of other objects and as an answer."""

from stripe_simulator.shapes import Json


def list_of(data: list[Json], *, url: str, has_more: bool = False) -> Json:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
