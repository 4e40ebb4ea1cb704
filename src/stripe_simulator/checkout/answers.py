"""What a buyer types beside the card, by the names of the page's fields.

Nothing of it is kept in a session before the session is complete, apart from what the bank's page
interrupts.
"""

from collections.abc import Mapping

from stripe_simulator.shapes import Json

Answers = Mapping[str, str]
ADDRESS = ("line1", "line2", "postal_code", "city", "state", "country")
YES = "yes"
NOTHING: Answers = {}


def said(answers: Answers, name: str) -> str | None:
    return answers.get(name, "").strip() or None


def agreed(answers: Answers, name: str) -> bool:
    """A box that was ticked."""
    return answers.get(name) == YES


def address(answers: Answers, of: str) -> Json | None:
    """`of`: "billing" or "shipping". None when nothing of it was said."""
    parts = {part: said(answers, f"{of}_{part}") for part in ADDRESS}
    return parts if any(parts.values()) else None


def phone(answers: Answers) -> str | None:
    """`+442079460958`: the digits of the number, and its plus."""
    typed = said(answers, "phone")
    if typed is None:
        return None
    digits = "".join(character for character in typed if character.isdigit())
    return f"+{digits}" if typed.startswith("+") else digits


def shipping(answers: Answers) -> Json | None:
    place = address(answers, "shipping")
    if place is None:
        return None
    return {"address": place, "name": said(answers, "shipping_name") or "", "phone": phone(answers)}


def tax_id(answers: Answers) -> Json | None:
    value = said(answers, "tax_id")
    return {"type": answers.get("tax_id_type", ""), "value": value} if value else None


def known_of(customer: Json | None) -> dict[str, str]:
    """What a customer has told before: typed once, it need not be typed again."""
    if not customer or customer.get("deleted"):
        return {}
    known = {"phone": customer.get("phone")}
    delivery = customer.get("shipping") or {}
    known["shipping_name"] = delivery.get("name")
    for of, place in (("billing", customer.get("address")), ("shipping", delivery.get("address"))):
        known |= {f"{of}_{part}": (place or {}).get(part) for part in ADDRESS}
    return {name: value for name, value in known.items() if value}
