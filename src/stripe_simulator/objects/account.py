"""The account itself, webhook endpoints and events."""

from stripe_simulator.shapes import API_VERSION, Json
from stripe_simulator.state.texts import dumps

COUNTRY = "DE"
CURRENCY = "eur"


def account(id_: str, *, seller: str, now: int) -> Json:
    return {
        "id": id_,
        "object": "account",
        "business_profile": {
            "annual_revenue": None,
            "mcc": None,
            "minority_owned_business_designation": None,
            "name": seller,
            "specified_commercial_transactions_act_url": None,
            "support_address": None,
            "support_email": None,
            "support_phone": None,
            "support_url": None,
            "url": None,
        },
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": COUNTRY,
        "created": now,
        "default_currency": CURRENCY,
        "details_submitted": True,
        "email": "account@simulator.example",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def webhook_endpoint(id_: str, params: Json, *, now: int) -> Json:
    return {
        "id": id_,
        "object": "webhook_endpoint",
        "api_version": params.get("api_version"),
        "application": None,
        "created": now,
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "status": "enabled",
        "url": params["url"],
    }


def event(id_: str, kind: str, *, previous: Json | None, request: Json, now: int) -> Json:
    """Without its object, which is put in front of the rest of `data`; see `event_text`.

    A snapshot in today's shape; `pending_webhooks` is counted when it is shown.
    """
    return {
        "id": id_,
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": {} if previous is None else {"previous_attributes": previous},
        "livemode": False,
        "pending_webhooks": 0,
        "request": request,
        "type": kind,
    }


def event_text(event: Json, shown: str) -> str:
    """The event as JSON with the object, which is JSON already, in its place."""
    rest = dumps(event.pop("data"))[1:]
    data = f'{{"object":{shown}' + ("," if rest != "}" else "") + rest
    return f'{dumps(event)[:-1]},"data":{data}}}'
