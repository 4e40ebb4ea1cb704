from stripe_simulator.shapes import Json

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def customer(id_: str, params: Json, *, invoice_prefix: str, now: int) -> Json:
    built: Json = {
        "id": id_,
        "object": "customer",
        "address": address(params.get("address")),
        "balance": params.get("balance", 0),
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "discount": None,
        "email": params.get("email"),
        "invoice_prefix": params.get("invoice_prefix") or invoice_prefix,
        "invoice_settings": invoice_settings(params.get("invoice_settings") or {}),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales", []),
        "shipping": shipping(params.get("shipping")),
        "tax_exempt": params.get("tax_exempt") or "none",
        "test_clock": None,
    }
    for name in ("business_name", "individual_name"):
        if params.get(name):
            built[name] = params[name]
    return built


def address(params: Json | None) -> Json | None:
    return {part: params.get(part) for part in ADDRESS} if params else None


def shipping(params: Json | None) -> Json | None:
    if not params:
        return None
    return {
        "address": address(params["address"]),
        "name": params["name"],
        "phone": params.get("phone"),
    }


def invoice_settings(params: Json) -> Json:
    return {
        "custom_fields": params.get("custom_fields"),
        "default_payment_method": params.get("default_payment_method"),
        "footer": params.get("footer"),
        "rendering_options": None,
    }
