"""Stripe's search, for everything that has it (docs.stripe.com/search).

Here it sees everything at once; at Stripe it may take up to a minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import Handler, Operation
from stripe_simulator.api.pagination import limit_of
from stripe_simulator.api.searching import matcher
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

FIELDS: Mapping[str, str] = {
    "customer": "created email metadata name phone",
    "product": "active description metadata name shippable url",
    "price": "active currency lookup_key metadata product type",
    "subscription": "cancel_at_period_end canceled_at created metadata status",
    "invoice": "collection_method created currency customer due_date last_finalization_error_code"
    " last_finalization_error_type metadata number receipt_number status subscription total",
    "charge": "amount billing_details.address.postal_code created currency customer disputed"
    " metadata payment_method_details.card.brand payment_method_details.card.exp_month"
    " payment_method_details.card.exp_year payment_method_details.card.fingerprint"
    " payment_method_details.card.last4 refunded status",
    "payment_intent": "amount created currency customer metadata status",
}


@dataclass(frozen=True)
class Search:
    kind: str

    def __call__(self, tx: Transaction, params: Json) -> Json:
        matches = matcher(params["query"], FIELDS[self.kind].split())
        found = [one for one in tx.find(self.kind) if matches(searched(one))]
        limit, start = limit_of(params), params.get("page", 0)
        more = len(found) > start + limit
        return {
            "object": "search_result",
            "data": found[start : start + limit],
            "has_more": more,
            "next_page": str(start + limit) if more else None,
            "url": f"/v1/{self.kind}s/search",
        }


def searched(one: Json) -> Json:
    """Fields that have another name in a query than in the object."""
    if one["object"] != "invoice":
        return one
    parent = (one["parent"] or {}).get("subscription_details") or {}
    return one | {"subscription": parent.get("subscription")}


def operation(kind: str) -> Operation:
    handler: Handler = Search(kind)
    fields = {**p.EXPAND, "query": p.filled, "limit": p.whole, "page": p.between(0, 10**9)}
    return Operation("GET", f"/v1/{kind}s/search", handler, fields, frozenset({"query"}))


OPERATIONS = tuple(operation(kind) for kind in FIELDS)
