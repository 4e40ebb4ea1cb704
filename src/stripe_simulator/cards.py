"""Test cards: what a number does when it is saved and when it is charged.

The numbers and texts are those of docs.stripe.com/testing. Pure: time is passed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Decline:
    """Why a card was refused; `param` names the field of the form, when it is to blame."""

    code: str
    message: str
    decline_code: str | None = None
    param: str | None = None
    advice_code: str | None = None


@dataclass(frozen=True)
class TestCard:
    """`at_once`: refused when saved and when charged. `later`: saved, refused when charged.

    `asks`: when the bank wants to see the card's holder. "on_session": always with the holder
    present, and without him until it was set up once; "always": also after that.
    """

    __test__ = False
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    at_once: Decline | None = None
    later: Decline | None = None
    asks: str = "never"

    def wants_holder(self, *, on_session: bool, set_up: bool) -> bool:
        return self.asks == "always" or (self.asks == "on_session" and (on_session or not set_up))


@dataclass(frozen=True)
class CardDetails:
    """What someone types into a card form; years have four digits, or two."""

    number: str
    exp_month: int
    exp_year: int
    cvc: str
    name: str = ""
    email: str = ""
    country: str = "US"
    postal_code: str = ""

    @property
    def digits(self) -> str:
        return "".join(character for character in self.number if character.isdigit())

    @property
    def year(self) -> int:
        return self.exp_year + 2000 if self.exp_year < 100 else self.exp_year


def declined(decline_code: str, message: str, *, advice: str = "try_again_later") -> Decline:
    return Decline("card_declined", message, decline_code=decline_code, advice_code=advice)


DECLINES: Mapping[str, Decline] = {
    "generic_decline": declined("generic_decline", "Your card was declined."),
    "insufficient_funds": declined("insufficient_funds", "Your card has insufficient funds."),
    "lost_card": declined("lost_card", "Your card was declined.", advice="do_not_try_again"),
    "stolen_card": declined("stolen_card", "Your card was declined.", advice="do_not_try_again"),
    "fraudulent": declined("fraudulent", "Your card was declined.", advice="do_not_try_again"),
    "card_velocity_exceeded": declined(
        "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently"
        " or exceeding its amount limit.",
    ),
    "authentication_required": declined(
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
    "expired_card": Decline(
        "expired_card", "Your card has expired.", "expired_card", "exp_month", "do_not_try_again"
    ),
    "incorrect_cvc": Decline(
        "incorrect_cvc",
        "Your card's security code is incorrect.",
        "incorrect_cvc",
        "cvc",
        "confirm_card_data",
    ),
    "processing_error": Decline(
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        "processing_error",
        None,
        "try_again_later",
    ),
}
"""Every way that a card can be refused, by the name that `cards/next` takes."""

NOT_A_TEST_CARD = declined(
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test card. For a list"
    " of valid test cards, visit: https://docs.stripe.com/testing.",
    advice="do_not_try_again",
)
INCORRECT_NUMBER = Decline("incorrect_number", "Your card number is incorrect.", param="number")
INVALID_MONTH = Decline(
    "invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month"
)
INVALID_YEAR = Decline(
    "invalid_expiry_year", "Your card's expiration year is invalid.", param="exp_year"
)
INVALID_CVC = Decline("invalid_cvc", "Your card's security code is invalid.", param="cvc")

CARDS: Mapping[str, TestCard] = {
    "4242424242424242": TestCard(),
    "4000056655665556": TestCard(funding="debit"),
    "5555555555554444": TestCard(brand="mastercard"),
    "5200828282828210": TestCard(brand="mastercard", funding="debit"),
    "378282246310005": TestCard(brand="amex"),
    "6011111111111117": TestCard(brand="discover"),
    "4000002760000016": TestCard(country="DE"),
    "4000002500000003": TestCard(country="FR"),
    "4000008260000000": TestCard(country="GB"),
    "4000000000000002": TestCard(at_once=DECLINES["generic_decline"]),
    "4000000000009995": TestCard(at_once=DECLINES["insufficient_funds"]),
    "4000000000009987": TestCard(at_once=DECLINES["lost_card"]),
    "4000000000009979": TestCard(at_once=DECLINES["stolen_card"]),
    "4000000000000069": TestCard(at_once=DECLINES["expired_card"]),
    "4000000000000127": TestCard(at_once=DECLINES["incorrect_cvc"]),
    "4000000000000119": TestCard(at_once=DECLINES["processing_error"]),
    "4000000000006975": TestCard(at_once=DECLINES["card_velocity_exceeded"]),
    "4100000000000019": TestCard(at_once=DECLINES["fraudulent"]),
    "4000000000000341": TestCard(later=DECLINES["generic_decline"]),
    "4000002500003155": TestCard(country="FR", asks="on_session"),
    "4000002760003184": TestCard(country="DE", asks="always"),
    "4000000000003220": TestCard(asks="on_session"),
    "4000008260003178": TestCard(
        country="GB", later=DECLINES["insufficient_funds"], asks="on_session"
    ),
    "4000008400001629": TestCard(later=DECLINES["generic_decline"], asks="always"),
    "4000008400001280": TestCard(at_once=DECLINES["generic_decline"]),
    "4000000000000259": TestCard(),
    "4000000000005126": TestCard(),
}

TOKENS: Mapping[str, str] = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "mastercard_debit": "5200828282828210",
    "amex": "378282246310005",
    "discover": "6011111111111117",
    "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "chargeCustomerFail": "4000000000000341",
    "visa_chargeCustomerFail": "4000000000000341",
    "authenticationRequired": "4000002760003184",
    "authenticationRequiredOnSetup": "4000002500003155",
    "authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "threeDSecure2Required": "4000000000003220",
    "threeDSecureRequired": "4000000000003220",
    "threeDSecureRequiredChargeDeclined": "4000008400001629",
    "threeDSecureRequiredProcessingError": "4000008400001280",
    "createDispute": "4000000000000259",
    "refundFail": "4000000000005126",
}
"""`pm_card_visa` and `tok_visa` stand for these numbers."""


def wrong_entry(card: CardDetails, *, now: int) -> Decline | None:
    """What a form can see without asking the bank."""
    today = datetime.fromtimestamp(now, UTC)
    if not luhn(card.digits):
        return INCORRECT_NUMBER
    if not 1 <= card.exp_month <= 12:
        return INVALID_MONTH
    if not today.year <= card.year <= today.year + 50:
        return INVALID_YEAR
    if card.year == today.year and card.exp_month < today.month:
        return INVALID_MONTH
    if not (card.cvc.isdigit() and len(card.cvc) == cvc_length(card.digits)):
        return INVALID_CVC
    return None


def refusal(card: CardDetails, *, now: int) -> Decline | None:
    """Why this card cannot be saved; None when it can."""
    known = CARDS.get(card.digits)
    return wrong_entry(card, now=now) or (known.at_once if known else NOT_A_TEST_CARD)


def luhn(digits: str) -> bool:
    if not 12 <= len(digits) <= 19:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1])]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def cvc_length(digits: str) -> int:
    return 4 if digits.startswith(("34", "37")) else 3
