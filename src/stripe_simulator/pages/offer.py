"""What the payment page says about the purchase, worked out from plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from stripe_simulator.checkout import LineView, SessionView
from stripe_simulator.money import display


@dataclass(frozen=True)
class OfferLine:
    """`limits`: the fewest and the most, where the buyer may change the quantity."""

    name: str
    description: str | None
    quantity: int
    unit: str | None
    amount: str
    rhythm: str | None
    limits: tuple[int, int] | None = None
    id: str = ""


@dataclass(frozen=True)
class Later:
    label: str
    amount: str


@dataclass(frozen=True)
class Offer:
    """Ready to be read: every amount and date is text."""

    headline: str
    amount: str
    rhythm: str | None
    terms: str | None
    lines: tuple[OfferLine, ...]
    today: str
    later: Later | None
    button: str
    agreement: str | None
    subtotal: str
    reduction: Later | None
    taxes: tuple[Later, ...] = ()


def offer_of(view: SessionView) -> Offer:
    today = display(view.due_today, view.currency)
    rhythm = _rhythm_of(view)
    return Offer(
        headline=_headline(view),
        amount=_days_free(view.trial.days) if view.trial else today,
        rhythm=_trial_rhythm(view, rhythm) if view.trial else rhythm,
        terms=_trial_terms(view),
        lines=tuple(_line(line, view.currency) for line in view.lines),
        today=today,
        later=_later(view, rhythm),
        button=f"{view.submit_label} {today}" if view.mode == "payment" else view.submit_label,
        agreement=_agreement(view, rhythm),
        subtotal=display(view.subtotal, view.currency),
        reduction=_reduction(view),
        taxes=tuple(_taxes(view)),
    )


def _reduction(view: SessionView) -> Later | None:
    """What the discount takes off, or will when the trial is over."""
    if view.discount is None:
        return None
    label = f"{view.discount.name}, {view.discount.lasts}"
    amount = display(view.discount.amount, view.currency)
    return Later(label, f"−{amount}")  # noqa: RUF001 -- a minus sign


def _taxes(view: SessionView) -> Iterator[Later]:
    if view.awaits_place:
        yield Later("Tax", "from your address")
    for tax in view.taxes:
        label = f"{tax.label}, included" if tax.inclusive and tax.amount else tax.label
        yield Later(label, display(tax.amount, view.currency))


def every(interval: str, count: int) -> str:
    return f"per {interval}" if count == 1 else f"every {count} {interval}s"


def day(moment: int) -> str:
    """`5 December 2026`, of a time in Unix seconds."""
    date = datetime.fromtimestamp(moment, UTC)
    return f"{date.day} {date:%B %Y}"


def _headline(view: SessionView) -> str:
    if view.mode == "setup":
        return f"Save a card for {view.merchant}"
    if view.mode == "payment" or not view.lines:
        return f"Pay {view.merchant}"
    first, *more = view.lines
    what = f"{first.name} and {len(more)} more" if more else first.name
    return f"Try {what}" if view.trial else f"Subscribe to {what}"


def _rhythm_of(view: SessionView) -> str | None:
    rhythms = (_rhythm(line) for line in view.lines)
    return next((rhythm for rhythm in rhythms if rhythm), None)


def _rhythm(line: LineView) -> str | None:
    return every(line.interval, line.interval_count) if line.interval else None


def _trial_rhythm(view: SessionView, rhythm: str | None) -> str | None:
    if view.due_later is None or rhythm is None:
        return None
    return f"then {display(view.due_later, view.currency)} {rhythm}"


def _trial_terms(view: SessionView) -> str | None:
    if view.trial is None or view.due_later is None:
        return None
    amount = display(view.due_later, view.currency)
    return f"Free until {day(view.trial.ends_at)}. {amount} is charged then, unless you cancel."


def _later(view: SessionView, rhythm: str | None) -> Later | None:
    if view.due_later is None or rhythm is None or view.due_later == view.due_today:
        return None
    when = f"From {day(view.trial.ends_at)}" if view.trial else "After that"
    return Later(f"{when}, {rhythm}", display(view.due_later, view.currency))


def _agreement(view: SessionView, rhythm: str | None) -> str | None:
    if view.asks.hides_agreement:
        return None
    if view.mode == "setup":
        return f"You allow {view.merchant} to charge this card later. Nothing is charged now."
    if view.mode != "subscription" or rhythm is None:
        return None
    start = "after the trial" if view.trial else "now"
    return (
        f"You allow {view.merchant} to charge this card {start} and for each period that "
        "follows, until you cancel."
    )


def _line(line: LineView, currency: str) -> OfferLine:
    return OfferLine(
        id=line.id,
        limits=line.limits,
        name=line.name,
        description=line.description,
        quantity=line.quantity,
        unit=None if line.unit_amount is None else display(line.unit_amount, currency),
        amount=display(line.amount, currency),
        rhythm=_rhythm(line),
    )


def _days_free(days: int) -> str:
    return "1 day free" if days == 1 else f"{days} days free"
