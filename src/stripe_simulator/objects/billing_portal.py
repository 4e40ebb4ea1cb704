from typing import Any

from stripe_simulator.shapes import Json

REASONS = (
    "too_expensive",
    "missing_features",
    "switched_service",
    "unused",
    "customer_service",
    "low_quality",
    "too_complex",
    "other",
)
PLAIN_FEATURES: Json = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "feedback_options": None, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {
        "duration": {"interval_options": [], "type": "indefinite"},
        "enabled": False,
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "products": None,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}
DEFAULT_FEATURES: Json = {
    "customer_update": {"allowed_updates": ["name", "email", "address"], "enabled": True},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": True, "options": list(REASONS)},
        "enabled": True,
    },
}
"""What somebody may do who comes without a configuration."""


def configuration(id_: str, params: Json, *, is_default: bool, now: int) -> Json:
    return {
        "id": id_,
        "object": "billing_portal.configuration",
        "active": True,
        "application": None,
        "business_profile": profile(params.get("business_profile") or {}),
        "created": now,
        "default_return_url": params.get("default_return_url"),
        "features": merged(PLAIN_FEATURES, params["features"]),
        "is_default": is_default,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "updated": now,
    }


def profile(given: Json) -> Json:
    names = ("headline", "privacy_policy_url", "terms_of_service_url")
    return {name: given.get(name) for name in names}


def merged(base: Any, given: Any) -> Any:
    """What is given replaces what was there, member by member."""
    if not isinstance(base, dict) or not isinstance(given, dict):
        return given
    return {name: value for name, value in base.items() if name not in given} | {
        name: merged(base.get(name), value) for name, value in given.items()
    }


def session(id_: str, params: Json, *, configuration: Json, url: str, now: int) -> Json:
    return {
        "id": id_,
        "object": "billing_portal.session",
        "after_expiration": None,
        "configuration": configuration["id"],
        "created": now,
        "customer": params["customer"],
        "customer_account": None,
        "flow": flow(params["flow_data"]) if params.get("flow_data") else None,
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url") or configuration["default_return_url"],
        "url": url,
    }


def flow(given: Json) -> Json:
    after = given.get("after_completion") or {"type": "portal_homepage"}
    confirmation = after.get("hosted_confirmation")
    shown: Json = {
        "after_completion": {
            "hosted_confirmation": {"custom_message": (confirmation or {}).get("custom_message")}
            if after["type"] == "hosted_confirmation"
            else None,
            "redirect": after.get("redirect"),
            "type": after["type"],
        },
        "customer_update": {} if given["type"] == "customer_update" else None,
        "subscription_cancel": None,
        "subscription_pause": given.get("subscription_pause"),
        "subscription_update": given.get("subscription_update"),
        "subscription_update_confirm": None,
        "type": given["type"],
    }
    if given.get("subscription_cancel"):
        shown["subscription_cancel"] = {"retention": None} | given["subscription_cancel"]
    if given.get("subscription_update_confirm"):
        change = given["subscription_update_confirm"]
        shown["subscription_update_confirm"] = {
            "discounts": [
                {"coupon": None, "promotion_code": None} | one for one in change["discounts"]
            ]
            if change.get("discounts")
            else None,
            "items": [{"price": None} | item for item in change["items"]],
            "subscription": change["subscription"],
        }
    return shown
