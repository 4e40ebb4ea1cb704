"""Objects as JSON text. Notes come last, so that what is shown is the beginning of what is kept."""

import json
from collections.abc import Mapping

from stripe_simulator.shapes import Json

dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def public(obj: Json | Mapping[str, object]) -> Json:
    """Without the simulator's own notes."""
    return {key: value for key, value in obj.items() if key[:1] != "_"}


def shown_and_kept(obj: Json) -> tuple[str, str]:
    """The text that others see, and the one with the notes."""
    notes = {key: value for key, value in obj.items() if key[:1] == "_"}
    if not notes:
        text = dumps(obj)
        return text, text
    shown = dumps(public(obj))
    return shown, f"{shown[:-1]},{dumps(notes)[1:]}"
