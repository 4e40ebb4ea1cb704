from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import balance
from stripe_simulator.objects import balance as shapes
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

TYPES = p.choice("adjustment", "charge", "refund", "refund_failure")


def retrieve(tx: Transaction, params: Json) -> Json:
    del params
    return shapes.balance(balance.sums(tx))


def retrieve_transaction(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return balance.today(tx.need("balance_transaction", id_), tx.now)


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("source", "type", "currency")}
    found = page(tx, "balance_transaction", params, url="/v1/balance_transactions", where=where)
    found["data"] = [balance.today(one, tx.now) for one in found["data"]]
    return found


OPERATIONS = (
    get("/v1/balance", retrieve),
    listing(
        "/v1/balance_transactions",
        search,
        **p.CREATED,
        **names(p.text, "currency", "source"),
        payout=p.unsupported,
        type=TYPES,
    ),
    get("/v1/balance_transactions/{id}", retrieve_transaction),
)
