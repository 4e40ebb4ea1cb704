"""What a Checkout Session may ask its buyer for: parameters, rules, and how they are kept.

The rules are those of docs.stripe.com/api/checkout/sessions/create and of
docs.stripe.com/payments/checkout/custom-components.
"""

from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.checkout.countries import COUNTRIES
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json

MOST_FIELDS, LONGEST_KEY, LONGEST_LABEL, LONGEST_VALUE, MOST_OPTIONS = 3, 200, 50, 100, 200
LONGEST_ENTRY, LONGEST_MESSAGE = 255, 1200
FEWEST, MOST = 0, 99
TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
KINDS = ("dropdown", "numeric", "text")


def at_most(longest: int) -> p.Type:
    def short(value: Any, path: str) -> str:
        text = p.filled(value, path)
        if len(text) > longest:
            message = f"Invalid string: must be at most {longest} characters"
            raise invalid(message, param=path, code="parameter_invalid_string")
        return text

    return short


def alphanumeric(longest: int) -> p.Type:
    def plain(value: Any, path: str) -> str:
        text: str = at_most(longest)(value, path)
        if not text.isalnum():
            raise invalid("This value must only contain alphanumeric characters.", param=path)
        return text

    return plain


LENGTH = p.between(0, LONGEST_ENTRY)
TYPED = p.hash_of(
    {
        "default_value": at_most(LONGEST_ENTRY),
        "maximum_length": p.between(1, LONGEST_ENTRY),
        "minimum_length": LENGTH,
    }
)
OPTION = p.hash_of(
    {"label": at_most(LONGEST_VALUE), "value": alphanumeric(LONGEST_VALUE)},
    required=("label", "value"),
)
FIELD = p.hash_of(
    {
        "key": alphanumeric(LONGEST_KEY),
        "label": p.hash_of(
            {"custom": at_most(LONGEST_LABEL), "type": p.choice("custom")},
            required=("custom", "type"),
        ),
        "optional": p.boolean,
        "type": p.choice(*KINDS),
        "dropdown": p.hash_of(
            {"default_value": p.filled, "options": p.array(OPTION)}, required=("options",)
        ),
        **names(TYPED, "numeric", "text"),
    },
    required=("key", "label", "type"),
)
SWITCH = p.hash_of({"enabled": p.boolean}, required=("enabled",))
NAME = p.hash_of(names(p.boolean, "enabled", "optional"), required=("enabled",))
ADJUSTABLE = p.hash_of(
    {"enabled": p.boolean, **names(p.between(0, p.MOST_QUANTITY), "maximum", "minimum")},
    required=("enabled",),
)
NEW = {
    "after_expiration": p.hash_of(
        {
            "recovery": p.hash_of(
                {"allow_promotion_codes": p.boolean, "enabled": p.boolean}, required=("enabled",)
            )
        }
    ),
    "consent_collection": p.hash_of(
        {
            "payment_method_reuse_agreement": p.hash_of(
                {"position": p.choice("auto", "hidden")}, required=("position",)
            ),
            "promotions": p.choice("auto", "none"),
            "terms_of_service": p.choice("none", "required"),
        }
    ),
    "custom_fields": p.array(FIELD),
    "custom_text": p.hash_of(
        dict.fromkeys(
            TEXTS,
            p.hash_of({"message": at_most(LONGEST_MESSAGE)}, required=("message",), unset=True),
        )
    ),
    "customer_update": p.hash_of(
        dict.fromkeys(("address", "name", "shipping"), p.choice("auto", "never"))
    ),
    "name_collection": p.hash_of(names(NAME, "business", "individual")),
    "phone_number_collection": SWITCH,
    "shipping_address_collection": p.hash_of(
        {"allowed_countries": p.array(p.choice(*COUNTRIES))}, required=("allowed_countries",)
    ),
    "tax_id_collection": p.hash_of(
        {"enabled": p.boolean, "required": p.choice("if_supported", "never")},
        required=("enabled",),
    ),
}
NOT_FOR_SETUP = ("custom_fields", "phone_number_collection", "submit_type")


def check(params: Json) -> None:
    """Errors: 400 for what does not go together."""
    if params["mode"] == "setup":
        for name in NOT_FOR_SETUP:
            if params.get(name):
                raise invalid(f"You can not pass `{name}` in `setup` mode.", param=name)
    if params.get("customer_update") and not params.get("customer"):
        raise invalid("`customer_update` can only be used with `customer`.")
    collects = (params.get("tax_id_collection") or {}).get("enabled")
    updates = (params.get("customer_update") or {}).get("name")
    if collects and params.get("customer") and updates != "auto":
        raise invalid(
            "Tax ID collection requires updating business name on the customer. To enable tax ID"
            " collection for an existing customer, please set `customer_update[name]` to `auto`."
        )
    countries = params.get("shipping_address_collection", {}).get("allowed_countries", ["any"])
    if not countries:
        path = "shipping_address_collection[allowed_countries]"
        raise invalid("Name at least one country.", param=path)
    check_fields(params.get("custom_fields", []))


def check_fields(fields: list[Json]) -> None:
    if len(fields) > MOST_FIELDS:
        raise invalid(f"You can pass at most {MOST_FIELDS} custom fields.", param="custom_fields")
    keys = [field["key"] for field in fields]
    if len(set(keys)) < len(keys):
        raise invalid("The keys of custom fields must be unique.", param="custom_fields")
    for index, field in enumerate(fields):
        check_field(field, f"custom_fields[{index}]")


def check_field(field: Json, path: str) -> None:
    kind = field["type"]
    for other in KINDS:
        if other in field and other != kind:
            raise invalid(f"You can not pass `{other}` for a field of type `{kind}`.", param=path)
    rules = field.get(kind) or {}
    if kind == "dropdown":
        check_options(rules, f"{path}[dropdown]")
        return
    shortest, longest = rules.get("minimum_length", 0), rules.get("maximum_length", LONGEST_ENTRY)
    if shortest > longest:
        raise invalid("minimum_length is greater than maximum_length.", param=f"{path}[{kind}]")
    default = rules.get("default_value")
    if default is not None and not shortest <= len(default) <= longest:
        raise invalid("default_value does not fit.", param=f"{path}[{kind}][default_value]")
    if kind == "numeric" and default is not None and not default.isdigit():
        raise invalid("default_value takes digits.", param=f"{path}[numeric][default_value]")


def check_options(rules: Json, path: str) -> None:
    values = [option["value"] for option in rules.get("options", [])]
    if not 1 <= len(values) <= MOST_OPTIONS:
        message = f"A dropdown has between 1 and {MOST_OPTIONS} options."
        raise invalid(message, param=f"{path}[options]")
    if len(set(values)) < len(values):
        raise invalid("The values of options must be unique.", param=f"{path}[options]")
    default = rules.get("default_value")
    if default is not None and default not in values:
        raise invalid("default_value is none of the options.", param=f"{path}[default_value]")


def adjustable(rule: Json | None, quantity: int, path: str) -> Json | None:
    """The rule of a line whose quantity the buyer may change."""
    if not rule or not rule["enabled"]:
        return {"enabled": False, "maximum": None, "minimum": None} if rule else None
    kept = {"enabled": True, "maximum": MOST, "minimum": FEWEST} | rule
    if not kept["minimum"] <= quantity <= kept["maximum"]:
        raise invalid(
            "The quantity has to be between the minimum and the maximum of adjustable_quantity.",
            param=path,
        )
    return kept


def kept(params: Json) -> Json:
    """These members of a new session."""
    recovery = (params.get("after_expiration") or {}).get("recovery")
    consent = params.get("consent_collection")
    return {
        "after_expiration": {"recovery": kept_recovery(recovery)} if recovery else None,
        "consent_collection": kept_consent(consent) if consent else None,
        "custom_fields": [kept_field(field) for field in params.get("custom_fields", [])],
        "custom_text": {name: (params.get("custom_text") or {}).get(name) for name in TEXTS},
        **kept_names(params.get("name_collection")),
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "shipping_address_collection": params.get("shipping_address_collection"),
        "tax_id_collection": {"enabled": False, "required": "never"}
        | params.get("tax_id_collection", {}),
        "_customer_update": params.get("customer_update"),
    }


def kept_recovery(given: Json) -> Json:
    allows = given.get("allow_promotion_codes", False)
    return {
        "allow_promotion_codes": allows,
        "enabled": given["enabled"],
        "expires_at": None,
        "url": None,
    }


def kept_consent(given: Json) -> Json:
    members = ("payment_method_reuse_agreement", "promotions", "terms_of_service")
    return {name: given.get(name) for name in members}


def kept_names(given: Json | None) -> Json:
    """The member is there only for sessions that ask for a name."""
    if not given:
        return {}
    return {
        "name_collection": {
            whose: {"enabled": rule["enabled"], "optional": rule.get("optional", False)}
            for whose, rule in given.items()
        }
    }


def kept_field(field: Json) -> Json:
    kind = field["type"]
    members = ("options",) if kind == "dropdown" else ("maximum_length", "minimum_length")
    rules = dict.fromkeys(("default_value", *members, "value")) | (field.get(kind) or {})
    return {
        "key": field["key"],
        "label": field["label"],
        "optional": field.get("optional", False),
        "type": kind,
        kind: rules,
    }
