"""Payment methods, payment intents and charges."""

import hashlib

from stripe_simulator.cards import CARDS, CardDetails, Decline
from stripe_simulator.objects.customer import address
from stripe_simulator.shapes import Json


def payment_method(id_: str, card: CardDetails, *, now: int, metadata: Json | None = None) -> Json:
    """A card. What it will do is looked up again by `_number`, which is never shown."""
    return {
        "id": id_,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(card),
        "card": card_facts(card),
        "created": now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": metadata or {},
        "type": "card",
        "_number": card.digits,
    }


def billing_details(card: CardDetails) -> Json:
    place = {"country": card.country or None, "postal_code": card.postal_code or None}
    return {
        "address": address(place),
        "email": card.email or None,
        "name": card.name or None,
        "phone": None,
        "tax_id": None,
    }


def card_facts(card: CardDetails) -> Json:
    known = CARDS[card.digits]
    return {
        "brand": known.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": "pass" if card.postal_code else None,
            "cvc_check": "pass",
        },
        "country": known.country,
        "display_brand": known.brand,
        "exp_month": card.exp_month,
        "exp_year": card.year,
        "fingerprint": hashlib.blake2b(card.digits.encode(), digest_size=8).hexdigest(),
        "funding": known.funding,
        "generated_from": None,
        "last4": card.digits[-4:],
        "networks": {"available": [known.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def payment_intent(
    id_: str, *, amount: int, currency: str, customer: str | None, secret: str, now: int
) -> Json:
    return {
        "id": id_,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": secret,
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": customer,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "payment_record": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(
    id_: str, intent: Json, method: Json, *, decline: Decline | None, risk_score: int, now: int
) -> Json:
    return {
        "id": id_,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if decline else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SIMULATOR",
        "captured": decline is None,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": decline.code if decline else None,
        "failure_message": decline.message if decline else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": outcome(decline, risk_score),
        "paid": decline is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": charged_card(method, intent), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if decline else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def outcome(decline: Decline | None, risk_score: int) -> Json:
    return {
        "advice_code": decline.advice_code if decline else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if decline else "approved_by_network",
        "reason": (decline.decline_code or decline.code) if decline else None,
        "risk_level": "normal",
        "risk_score": risk_score,
        "seller_message": (
            "The bank did not return any further details with this decline."
            if decline
            else "Payment complete."
        ),
        "type": "issuer_declined" if decline else "authorized",
    }


def charged_card(method: Json, intent: Json) -> Json:
    card = method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    return {name: card[name] for name in kept} | {
        "amount_authorized": intent["amount"],
        "authorization_code": None,
        "electronic_commerce_indicator": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }
