"""What `previous_attributes` says: the old values of what changed."""

from stripe_simulator.shapes import Json

ABSENT = object()


def previous_attributes(before: Json, after: Json) -> Json:
    """Hashes are compared member by member, lists as a whole; a new member was null before."""
    previous: Json = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict) and old.get("id") == new.get("id"):
            previous[key] = previous_attributes(old, new)
        else:
            previous[key] = None if old is ABSENT else old
    return dict(sorted(previous.items()))
