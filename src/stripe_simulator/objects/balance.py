from stripe_simulator.shapes import Json


def balance_transaction(
    id_: str,
    *,
    kind: str,
    category: str,
    source: str,
    amount: int,
    fee: int,
    currency: str,
    description: str | None,
    available_on: int,
    now: int,
) -> Json:
    """Minor units; `net` is what the balance changes by."""
    return {
        "id": id_,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fee_details(fee, currency) if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source,
        "status": "pending",
        "type": kind,
    }


def fee_details(fee: int, currency: str) -> list[Json]:
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


def balance(sums: dict[str, tuple[int, int]]) -> Json:
    """`sums`: for each currency what is available and what is pending."""

    def listed(place: int) -> list[Json]:
        return [
            {"amount": both[place], "currency": currency, "source_types": {"card": both[place]}}
            for currency, both in sorted(sums.items())
        ]

    return {
        "object": "balance",
        "available": listed(0),
        "livemode": False,
        "pending": listed(1),
    }
