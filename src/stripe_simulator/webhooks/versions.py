"""Today's objects in the shape of an older API version: pure functions, one module a version."""

from stripe_simulator.shapes import API_VERSION, Json
from stripe_simulator.webhooks import acacia, basil
from stripe_simulator.webhooks.basil import Find

OLDER = {acacia.VERSION: acacia, basil.VERSION: basil}
VERSIONS = (API_VERSION, *OLDER)


def render_event(event: Json, version: str, *, find: Find) -> Json:
    """The event as an endpoint of this version receives it."""
    if version == API_VERSION:
        return event
    data = {"object": render(event["data"]["object"], version, find=find)}
    if "previous_attributes" in event["data"]:
        data["previous_attributes"] = OLDER[version].older_attributes(
            event["data"]["previous_attributes"], event["data"]["object"]["object"]
        )
    return event | {"api_version": version, "data": data}


def render(value: Json, version: str, *, find: Find) -> Json:
    """One object, and every object inside of it."""
    if version == API_VERSION:
        return value
    inner = {name: render_inside(member, version, find=find) for name, member in value.items()}
    older = OLDER[version].SHAPES.get(str(value.get("object")))
    return older(inner, value, find) if older else inner


def render_inside(member: object, version: str, *, find: Find) -> object:
    if isinstance(member, dict):
        return render(member, version, find=find)
    if isinstance(member, list):
        return [render_inside(one, version, find=find) for one in member]
    return member
