"""Amounts are whole minor units; the currency says how many make one of what people count in.

Zero- and three-decimal currencies: docs.stripe.com/currencies.
"""

from decimal import ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split()  # noqa: SIM905
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥", "chf": "CHF", "inr": "₹", "krw": "₩"}


def decimals(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def display(amount: int | Decimal, currency: str) -> str:
    """`€ 12.00`, `¥ 1,200`, `KWD 1.250`; parts of a minor unit in full: `€ 0.005`."""
    value = Decimal(amount).normalize().scaleb(-decimals(currency))
    places = max(decimals(currency), -int(value.as_tuple().exponent))
    return f"{SYMBOLS.get(currency, currency.upper())} {value:,.{places}f}"


def rounded(value: Decimal, currency: str) -> int:
    """A part of an amount: half away from zero, to what can be charged.

    The last digit of three-decimal currencies has to be 0 (docs.stripe.com/currencies).
    """
    step = Decimal(10 if currency in THREE_DECIMAL else 1)
    return int((value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)


def times(unit_amount: Decimal, quantity: int | Decimal) -> int:
    """Minor units of so many; a fraction of a unit is rounded half up, once, at the end."""
    return int((unit_amount * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def decimal_text(value: Decimal | int) -> str:
    """As Stripe writes `unit_amount_decimal`: no exponent and no trailing zeros."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
