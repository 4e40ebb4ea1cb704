"""Coupons, the codes that lead to them, and discounts: a coupon that somebody was given."""

from stripe_simulator.shapes import Json


def coupon(id_: str, params: Json, *, now: int) -> Json:
    """`_products` is shown as `applies_to` when it is asked for, as at Stripe."""
    return {
        "id": id_,
        "object": "coupon",
        "amount_off": params.get("amount_off"),
        "created": now,
        "currency": params.get("currency"),
        "duration": params.get("duration", "once"),
        "duration_in_months": params.get("duration_in_months"),
        "livemode": False,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "percent_off": params.get("percent_off"),
        "redeem_by": params.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
        "_products": (params.get("applies_to") or {}).get("products"),
        "_currency_options": params.get("currency_options"),
    }


def promotion_code(id_: str, params: Json, *, coupon: str, now: int) -> Json:
    asked = params.get("restrictions") or {}
    restrictions: Json = {
        "first_time_transaction": asked.get("first_time_transaction", False),
        "minimum_amount": asked.get("minimum_amount"),
        "minimum_amount_currency": asked.get("minimum_amount_currency"),
    }
    return {
        "id": id_,
        "object": "promotion_code",
        "active": params.get("active", True),
        "code": params["code"],
        "created": now,
        "customer": params.get("customer"),
        "customer_account": None,
        "expires_at": params.get("expires_at"),
        "livemode": False,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": params.get("metadata", {}),
        "promotion": {"coupon": coupon, "type": "coupon"},
        "restrictions": restrictions,
        "times_redeemed": 0,
        "_currency_options": asked.get("currency_options"),
    }


def discount(
    id_: str,
    *,
    coupon: Json,
    customer: str | None,
    promotion_code: str | None,
    end: int | None,
    now: int,
    checkout_session: str | None = None,
    invoice: str | None = None,
    invoice_item: str | None = None,
    subscription: str | None = None,
    subscription_item: str | None = None,
) -> Json:
    return {
        "id": id_,
        "object": "discount",
        "checkout_session": checkout_session,
        "customer": customer,
        "customer_account": None,
        "end": end,
        "invoice": invoice,
        "invoice_item": invoice_item,
        "promotion_code": promotion_code,
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": now,
        "subscription": subscription,
        "subscription_item": subscription_item,
        "_coupon": dict(coupon),
    }
