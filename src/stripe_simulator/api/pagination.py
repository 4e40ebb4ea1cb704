"""Cursor pages, newest first."""

from collections.abc import Mapping, Sequence

from stripe_simulator.errors import invalid
from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.transaction import Transaction

DEFAULT_LIMIT, MOST = 10, 100


def page(
    tx: Transaction,
    kind: str,
    params: Json,
    *,
    url: str,
    where: Mapping[str, str | Sequence[str] | None] | None = None,
) -> Json:
    """The page that `limit`, `starting_after`, `ending_before` and `created` ask for."""
    limit = limit_of(params)
    after, before = params.get("starting_after"), params.get("ending_before")
    found = tx.select(
        Selection(
            kind,
            where=wanted(where or {}),
            created=params.get("created") or {},
            before=cursor(tx, kind, after, "starting_after"),
            after=cursor(tx, kind, before, "ending_before"),
            limit=limit + 1,
        )
    )
    has_more = len(found) > limit
    data = found[-limit:] if before else found[:limit]
    return list_of(data, url=url, has_more=has_more)


def page_of(entries: list[Json], params: Json, *, url: str) -> Json:
    """A page of what stands inside of another object, in its own order."""
    limit = limit_of(params)
    ids = [entry["id"] for entry in entries]
    after, before = params.get("starting_after"), params.get("ending_before")
    for name, id_ in (("starting_after", after), ("ending_before", before)):
        if id_ is not None and id_ not in ids:
            raise no_cursor(entries[0]["object"] if entries else "object", id_, name)
    if before:
        rest = entries[: ids.index(before)]
        return list_of(rest[-limit:], url=url, has_more=len(rest) > limit)
    rest = entries[ids.index(after) + 1 :] if after else entries
    return list_of(rest[:limit], url=url, has_more=len(rest) > limit)


def limit_of(params: Json) -> int:
    limit = int(params.get("limit", DEFAULT_LIMIT))
    if not 1 <= limit <= MOST:
        message = f"This value must be between 1 and {MOST}."
        raise invalid(message, param="limit", code="parameter_invalid_integer")
    if params.get("starting_after") and params.get("ending_before"):
        raise invalid("You cannot use both starting_after and ending_before.")
    return limit


def wanted(where: Mapping[str, str | Sequence[str] | None]) -> dict[str, Sequence[str]]:
    return {
        name: [value] if isinstance(value, str) else value
        for name, value in where.items()
        if value is not None
    }


def cursor(tx: Transaction, kind: str, id_: str | None, name: str) -> int | None:
    if id_ is None:
        return None
    position = tx.position(id_) if tx.get(id_, kind) else None
    if position is None:
        raise no_cursor(kind, id_, name)
    return position


def no_cursor(kind: str, id_: str, name: str) -> Exception:
    noun = kind.rpartition(".")[2].replace("_", " ")
    return invalid(f"No such {noun}: '{id_}'", param=name, code="resource_missing")
