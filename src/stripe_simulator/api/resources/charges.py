from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.objects import customer as shapes
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("charge", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    charge = tx.need("charge", id_)
    if "metadata" in params:
        charge["metadata"] = p.merged_metadata(charge["metadata"], params["metadata"])
    charge |= {name: params[name] for name in ("description", "receipt_email") if name in params}
    if "fraud_details" in params:
        charge["fraud_details"] = params["fraud_details"]
    if "shipping" in params:
        charge["shipping"] = shapes.shipping(params["shipping"])
    return tx.save(charge, "charge.updated")


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("customer", "payment_intent")}
    return page(tx, "charge", params, url="/v1/charges", where=where)


OPERATIONS = (
    listing("/v1/charges", search, **p.CREATED, **names(p.text, "customer", "payment_intent")),
    get("/v1/charges/{id}", retrieve),
    post(
        "/v1/charges/{id}",
        update,
        {
            "description": p.text,
            "fraud_details": p.hash_of({"user_report": p.choice("", "fraudulent", "safe")}),
            "metadata": p.metadata,
            "receipt_email": p.email,
            "shipping": p.SHIPPING,
            **names(p.unsupported, "customer", "transfer_group"),
        },
    ),
)
