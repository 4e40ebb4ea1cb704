"""The numbers that the payment page offers, in words."""

from dataclasses import dataclass, replace

from stripe_simulator.cards import cvc_length
from stripe_simulator.pages.entry import Entry


@dataclass(frozen=True)
class OfferedCard:
    """`does`: what happens when it is used, short enough for a button; `means`: in full."""

    number: str
    brand: str
    does: str
    means: str

    @property
    def in_words(self) -> str:
        return f"{self.brand} …{self.number[-4:]}, {self.does.lower()}"

    @property
    def spaced(self) -> str:
        return " ".join(self.number[start : start + 4] for start in range(0, len(self.number), 4))


OFFERED = (
    OfferedCard("4242424242424242", "Visa", "Succeeds", "Paid at once"),
    OfferedCard("4000000000000002", "Visa", "Declined", "Refused without a reason"),
    OfferedCard("4000000000009995", "Visa", "No funds", "Refused: insufficient funds"),
    OfferedCard("5555555555554444", "Mastercard", "Succeeds", "Paid at once"),
    OfferedCard("378282246310005", "Amex", "Succeeds", "Paid at once; its code has four digits"),
    OfferedCard("4000000000000341", "Visa", "Fails later", "Saved, then refused when charged"),
    OfferedCard("4000002500003155", "Visa", "Asks you", "The bank asks for its holder"),
    OfferedCard("4000002760003184", "Visa", "Always asks", "Asked for at each renewal, too"),
    OfferedCard("4000008260003178", "Visa", "Asks, no funds", "Asked for, then no funds"),
    OfferedCard("4000008400001629", "Visa", "Asks, declined", "Asked for, then refused"),
    OfferedCard("4000000000000259", "Visa", "Disputed", "Paid, then disputed by its holder"),
    OfferedCard("4000000000000069", "Visa", "Expired", "Refused: the card has expired"),
    OfferedCard("4000000000000127", "Visa", "Wrong CVC", "Refused: the code is wrong"),
    OfferedCard("4000000000000119", "Visa", "Bank error", "Refused: an error at the bank"),
)


def offered(number: str) -> OfferedCard | None:
    return next((card for card in OFFERED if card.number == number), None)


def filled_in(entry: Entry, card: OfferedCard, *, year: int) -> Entry:
    """The card's number with an expiry and a code that fit; a name that was typed stays."""
    return replace(
        entry,
        number=card.spaced,
        exp_month="12",
        exp_year=str((year + 4) % 100),
        cvc="1234"[: cvc_length(card.number)],
        name=entry.name or "Test Person",
    )
