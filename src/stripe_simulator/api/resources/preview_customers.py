"""Whom a preview is for: somebody who is there, perhaps with other details, or nobody yet."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.resources import tax_ids
from stripe_simulator.api.resources.customer_taxes import TAX
from stripe_simulator.objects import customer as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

DETAILS = p.hash_of(
    {
        "address": p.ADDRESS,
        "shipping": p.SHIPPING,
        "tax": p.hash_of({"ip_address": TAX["ip_address"]}),
        "tax_exempt": p.choice("", "none", "exempt", "reverse"),
        "tax_ids": p.array(p.hash_of(tax_ids.NEW, required=("type", "value"))),
    }
)


def customer_of(tx: Transaction, params: Json, subscription: Json | None) -> Json:
    """Call it in a rehearsal: what is said about the customer is written onto the object."""
    id_ = subscription["customer"] if subscription else params.get("customer")
    customer = tx.need("customer", id_, param="customer") if id_ else nobody(tx)
    describe(tx, customer, params.get("customer_details") or {})
    return customer


def nobody(tx: Transaction) -> Json:
    new = tx.new_id("customer")
    return tx.add(built.customer(new, {}, invoice_prefix=new[-8:].upper(), now=tx.now))


def describe(tx: Transaction, customer: Json, details: Json) -> None:
    if "address" in details:
        customer["address"] = built.address(details["address"])
    if "shipping" in details:
        customer["shipping"] = built.shipping(details["shipping"])
    if "tax_exempt" in details:
        customer["tax_exempt"] = details["tax_exempt"] or "none"
    for given in details.get("tax_ids", []):
        tax_ids.make(tx, customer, given)
    tx.save(customer)
