from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import refunds
from stripe_simulator.errors import StripeError, invalid, missing_parameter
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def create(tx: Transaction, params: Json) -> Json:
    return refunds.give_back(
        tx,
        charge_of(tx, params),
        amount=params.get("amount"),
        reason=params.get("reason"),
        metadata=p.new_metadata(params.get("metadata", {})),
    )


def charge_of(tx: Transaction, params: Json) -> Json:
    if params.get("charge") and params.get("payment_intent"):
        raise invalid("You may only specify one of these parameters: charge, payment_intent.")
    if params.get("charge"):
        return tx.need("charge", params["charge"], param="charge")
    if not params.get("payment_intent"):
        raise missing_parameter("charge")
    intent = tx.need("payment_intent", params["payment_intent"], param="payment_intent")
    charge = tx.get(intent["latest_charge"] or "", "charge")
    if charge is None or charge["status"] != "succeeded":
        raise invalid(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
            param="payment_intent",
        )
    return charge


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("refund", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    refund = tx.need("refund", id_)
    if "metadata" in params:
        refund["metadata"] = p.merged_metadata(refund["metadata"], params["metadata"])
    return tx.save(refund, "refund.updated")


def cancel(tx: Transaction, params: Json, id_: str) -> Json:
    """Only a refund that waits for the customer can be canceled; one to a card never does."""
    del params
    refund = tx.need("refund", id_)
    raise StripeError(400, f"Refund {refund['id']} cannot be canceled: it is {refund['status']}.")


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return page(tx, "refund", params, url="/v1/refunds", where=where)


OPERATIONS = (
    post(
        "/v1/refunds",
        create,
        {
            **names(p.filled, "charge", "payment_intent"),
            **names(
                p.unsupported,
                "currency",
                "customer",
                "instructions_email",
                "origin",
                "refund_application_fee",
                "reverse_transfer",
            ),
            "amount": p.between(1, p.MOST_AMOUNT),
            "metadata": p.metadata,
            "reason": p.choice("duplicate", "fraudulent", "requested_by_customer"),
        },
    ),
    listing("/v1/refunds", search, **p.CREATED, **names(p.text, "charge", "payment_intent")),
    get("/v1/refunds/{id}", retrieve),
    post("/v1/refunds/{id}", update, {"metadata": p.metadata}),
    post("/v1/refunds/{id}/cancel", cancel),
)
