from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import listing
from stripe_simulator.api.pagination import page
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

URL = "/v1/setup_attempts"


def search(tx: Transaction, params: Json) -> Json:
    where = {"setup_intent": params["setup_intent"]}
    return page(tx, "setup_attempt", params, url=URL, where=where)


OPERATIONS = (listing(URL, search, "setup_intent", **p.CREATED, setup_intent=p.text),)
