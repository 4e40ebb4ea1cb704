from stripe_simulator.shapes import Json


def setup_attempt(id_: str, *, intent: Json, method: Json, status: str, now: int) -> Json:
    return {
        "id": id_,
        "object": "setup_attempt",
        "application": None,
        "created": now,
        "customer": intent["customer"],
        "customer_account": None,
        "flow_directions": None,
        "livemode": False,
        "on_behalf_of": None,
        "payment_method": method["id"],
        "payment_method_details": {"card": tried_card(method), "type": "card"},
        "setup_error": None,
        "setup_intent": intent["id"],
        "status": status,
        "usage": intent["usage"],
    }


def tried_card(method: Json) -> Json:
    card = method["card"]
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding")
    return {name: card[name] for name in (*kept, "last4")} | {
        "network": card["brand"],
        "three_d_secure": None,
        "wallet": None,
    }
