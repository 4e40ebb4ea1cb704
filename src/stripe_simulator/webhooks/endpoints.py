"""Where events go, and the secret each address is signed with."""

from stripe_simulator.objects.account import webhook_endpoint
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

OWN = "own_endpoint"


def add(tx: Transaction, params: Json, *, secret: str) -> Json:
    endpoint = webhook_endpoint(tx.new_id("webhook_endpoint"), params, now=tx.now)
    keep_secret(tx, endpoint["id"], secret)
    return tx.add(endpoint)


def keep_secret(tx: Transaction, id_: str, secret: str) -> None:
    tx.db.execute("INSERT OR REPLACE INTO secrets (id, value) VALUES (?, ?)", (id_, secret))


def secret_of(tx: Transaction, id_: str) -> str | None:
    row = tx.db.execute("SELECT value FROM secrets WHERE id = ?", (id_,)).fetchone()
    return row[0] if row else None


def secrets_of(tx: Transaction, id_: str, *, now: float) -> list[str]:
    """Its secret, and the one before it while that is still in use. `now`: wall time."""
    current, old = secret_of(tx, id_), secret_of(tx, f"{id_}:old")
    until, _, before = (old or "0:").partition(":")
    return [one for one in (current, before if float(until) > now else None) if one]


def roll(tx: Transaction, id_: str, *, until: float) -> str:
    """A new secret; events are signed with both until then (wall time, unix seconds)."""
    keep_secret(tx, f"{id_}:old", f"{until}:{secret_of(tx, id_)}")
    secret = new_secret("whsec_")
    keep_secret(tx, id_, secret)
    return secret


def remove(tx: Transaction, endpoint: Json) -> Json:
    tx.db.execute("DELETE FROM secrets WHERE id = ?", (endpoint["id"],))
    tx.db.execute("DELETE FROM deliveries WHERE endpoint = ? AND attempts = 0", (endpoint["id"],))
    return tx.remove(endpoint)


def set_own(store: Store, *, url: str | None, secret: str | None) -> None:
    """The endpoint of the command line: made once, and kept at the address given last."""
    with store.writing() as tx:
        known = store.kept(OWN)
        endpoint = tx.get(known, "webhook_endpoint") if known else None
        usable = endpoint is not None and not endpoint.get("deleted")
        if url is None or secret is None:
            return
        if endpoint is None or not usable:
            params = {"url": url, "enabled_events": ["*"], "description": "Given at start"}
            endpoint = add(tx, params, secret=secret)
            store.keep(OWN, endpoint["id"])
        endpoint["url"] = url
        tx.save(endpoint)
        keep_secret(tx, endpoint["id"], secret)
