from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import test_clocks
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

URL = "/v1/test_helpers/test_clocks"


def create(tx: Transaction, params: Json) -> Json:
    return test_clocks.create(tx, frozen_time=params["frozen_time"], name=params.get("name"))


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need(test_clocks.KIND, id_)


def advance(tx: Transaction, params: Json, id_: str) -> Json:
    return test_clocks.begin(tx, tx.need(test_clocks.KIND, id_), params["frozen_time"])


def delete_(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return test_clocks.delete(tx, tx.need(test_clocks.KIND, id_))


def search(tx: Transaction, params: Json) -> Json:
    return page(tx, test_clocks.KIND, params, url=URL)


OPERATIONS = (
    post(
        URL,
        create,
        {"frozen_time": p.moment, "name": p.text, "customer": p.unsupported},
        "frozen_time",
    ),
    listing(URL, search),
    get(f"{URL}/{{id}}", retrieve),
    delete(f"{URL}/{{id}}", delete_),
    post(f"{URL}/{{id}}/advance", advance, {"frozen_time": p.moment}, "frozen_time"),
)
