from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import disputes
from stripe_simulator.errors import invalid
from stripe_simulator.objects.dispute import FILES, TEXTS
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

EVIDENCE = {
    **names(p.text, *TEXTS),
    **names(p.unsupported, *FILES, "appeal", "enhanced_evidence"),
}


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("dispute", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    """Evidence is submitted at once, unless `submit` is false."""
    dispute = tx.need("dispute", id_)
    if dispute["status"] not in disputes.OPEN:
        raise invalid("This dispute is already closed.", code="dispute_already_closed")
    if "metadata" in params:
        dispute["metadata"] = p.merged_metadata(dispute["metadata"], params["metadata"])
    evidence = params.get("evidence")
    if evidence:
        dispute["evidence"] |= evidence
        dispute["evidence_details"]["has_evidence"] = True
    if evidence and params.get("submit", True):
        disputes.submit(tx, dispute)
    return tx.save(dispute, "charge.dispute.updated")


def close(tx: Transaction, params: Json, id_: str) -> Json:
    """The seller gives in."""
    del params
    dispute = tx.need("dispute", id_)
    disputes.settle(tx, dispute, outcome="lost")
    return dispute


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return page(tx, "dispute", params, url="/v1/disputes", where=where)


OPERATIONS = (
    listing("/v1/disputes", search, **p.CREATED, **names(p.text, "charge", "payment_intent")),
    get("/v1/disputes/{id}", retrieve),
    post(
        "/v1/disputes/{id}",
        update,
        {
            "evidence": p.hash_of(EVIDENCE),
            "intended_submission_method": p.unsupported,
            "metadata": p.metadata,
            "submit": p.boolean,
        },
    ),
    post("/v1/disputes/{id}/close", close),
)
