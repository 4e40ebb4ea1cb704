"""`total_details.breakdown`: which discount and which taxes make up the sums of a session."""

from stripe_simulator.objects.discount import discount
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction, public


def breakdown(tx: Transaction, shown: Json) -> Json:
    session = tx.need("checkout.session", shown["id"])
    return {
        "discounts": [discounted(tx, session, chosen) for chosen in session["discounts"]],
        "taxes": [taxed(tx, tax) for tax in session.get("_taxes") or []],
    }


def discounted(tx: Transaction, session: Json, chosen: Json) -> Json:
    """As it stands on the session: what it becomes of is made when somebody pays."""
    coupon = tx.get(chosen["coupon"]) or {}
    built = discount(
        tx.id_for("discount", session["id"]),
        coupon=coupon,
        customer=session["customer"],
        promotion_code=chosen["promotion_code"],
        end=None,
        now=session["created"],
        checkout_session=session["id"],
    )
    amount = session["total_details"]["amount_discount"]
    return {"amount": amount, "discount": public(built)}


def taxed(tx: Transaction, tax: Json) -> Json:
    rate = tx.need("tax_rate", tax["tax_rate_details"]["tax_rate"])
    return {
        "amount": tax["amount"],
        "rate": public(rate),
        "taxability_reason": tax["taxability_reason"],
        "taxable_amount": tax["taxable_amount"],
    }
