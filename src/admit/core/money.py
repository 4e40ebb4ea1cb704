"""Money is whole minor units and a currency, never a fraction."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NewType

Cents = NewType("Cents", int)
"""The currency's smallest unit: cents, but whole yen."""

WITHOUT_DECIMALS = frozenset({"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"}) | frozenset(
    {"pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,3})?")
THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


@dataclass(frozen=True)
class Money:
    amount: Cents
    currency: str
    """ISO 4217 in lower case, as Stripe writes it."""


def decimals_of(currency: str) -> int:
    """How many decimals Stripe's minor unit of `currency` stands for.

    Its own list, not Unicode's: https://docs.stripe.com/currencies#minor-units
    """
    code = currency.lower()
    if code in WITHOUT_DECIMALS:
        return 0
    return 3 if code in THREE_DECIMALS else 2


def plainly(amount: int, currency: str) -> str:
    """Minor units as terminals and forms show them, in no locale: `12.00`."""
    return str(Decimal(amount).scaleb(-decimals_of(currency)))


def minor_units(text: str, currency: str) -> int | None:
    """What somebody typed, `12`, `12.5` or `12,50`; None when it is no amount of this currency."""
    if AMOUNT.fullmatch(text.strip()) is None:
        return None
    value = Decimal(text.strip().replace(",", ".")).scaleb(decimals_of(currency))
    return int(value) if value == value.to_integral_value() else None
