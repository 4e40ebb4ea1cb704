from stripe_simulator.shapes import Json


def tax_rate(id_: str, params: Json, *, now: int) -> Json:
    """`params["percentage"]`: a Decimal with at most four places."""
    return {
        "id": id_,
        "object": "tax_rate",
        "active": params.get("active", True),
        "country": params.get("country"),
        "created": now,
        "description": params.get("description"),
        "display_name": params["display_name"],
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": params["inclusive"],
        "jurisdiction": params.get("jurisdiction"),
        "jurisdiction_level": None,
        "livemode": False,
        "metadata": params["metadata"],
        "percentage": float(params["percentage"]),
        "rate_type": "percentage",
        "state": params.get("state"),
        "tax_type": params.get("tax_type"),
    }
