"""What makes one catalogue another: pure functions of two catalogues, and the words for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from admit.billing.catalog.entries import Catalog, PlanEntry, PriceEntry
from admit.billing.catalog.views import period_in_words
from admit.core.money import plainly

PLAN_FIELDS = (
    "name",
    "description",
    "level",
    "group",
    "grace_days",
    "max_quantity",
    "tax_code",
)
FEATURE_FIELDS = ("name", "description", "open_to_all")
NOT_OPEN = "no"
TAX_IN_WORDS = {"inclusive": ", tax included", "exclusive": ", plus tax", None: ""}


class Terms(Protocol):
    """A price as it is declared, stored or shown."""

    @property
    def interval(self) -> str: ...

    @property
    def interval_count(self) -> int: ...

    @property
    def amount(self) -> int: ...

    @property
    def currency(self) -> str: ...

    @property
    def tax_behavior(self) -> str | None: ...


class Verb(StrEnum):
    add = "+"
    change = "~"
    withdraw = "-"


@dataclass(frozen=True)
class Detail:
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Change:
    verb: Verb
    kind: str
    """`feature`, `plan` or `price`."""
    code: str
    details: tuple[Detail, ...] = ()

    def __str__(self) -> str:
        return f'{self.verb} {self.kind} "{self.code}"'


@dataclass(frozen=True)
class AccessChange:
    """Of whoever has the plan, else of whoever holds the feature, else of everybody."""

    details: tuple[Detail, ...]
    plan_code: str | None = None
    feature_key: str | None = None


def changes(present: Catalog, wanted: Catalog) -> list[Change]:
    """From the one to the other; empty when they say the same."""
    return [
        *_feature_changes(present, wanted),
        *_plan_changes(present, wanted),
        *_price_changes(_prices_of(present), _prices_of(wanted)),
    ]


def access_changes(present: Catalog, wanted: Catalog) -> list[AccessChange]:
    """Whose access is another one afterwards; who has a withdrawn plan keeps what it opens."""
    before = {plan.code: plan for plan in present.plans}
    found = [AccessChange(tuple(_openings(present, wanted)))]
    for plan in wanted.plans:
        if (known := before.get(plan.code)) is not None:
            details = tuple(_opened_otherwise(known, plan))
            found.append(AccessChange(details, plan_code=plan.code))
    old, new = _keys_of(present), _keys_of(wanted)
    for key in sorted(old ^ new):
        # What was defined before, and is again, opens for whoever still holds it.
        defined = Detail(f"opens {key}", _as_text(key in old), _as_text(key in new))
        found.append(AccessChange((defined,), feature_key=key))
    return [change for change in found if change.details]


def _keys_of(catalog: Catalog) -> set[str]:
    return {feature.key for feature in catalog.features}


def _feature_changes(present: Catalog, wanted: Catalog) -> Iterator[Change]:
    before = {feature.key: feature for feature in present.features}
    after = {feature.key: feature for feature in wanted.features}
    for key, feature in after.items():
        if key not in before:
            yield Change(Verb.add, "feature", key)
        elif details := tuple(_differing(before[key], feature, FEATURE_FIELDS)):
            yield Change(Verb.change, "feature", key, details)
    for key in sorted(before.keys() - after.keys()):
        yield Change(Verb.withdraw, "feature", key)
    if list(before) != list(after) and before.keys() == after.keys():
        order = Detail("order", ", ".join(before), ", ".join(after))
        yield Change(Verb.change, "features", "all", (order,))


def _plan_changes(present: Catalog, wanted: Catalog) -> Iterator[Change]:
    before = {plan.code: plan for plan in present.plans}
    for plan in wanted.plans:
        known = before.pop(plan.code, None)
        if known is None:
            yield Change(Verb.add, "plan", plan.code)
            continue
        details = (*_differing(known, plan, PLAN_FIELDS), *_limits_differing(known, plan))
        if details:
            yield Change(Verb.change, "plan", plan.code, details)
    for code in before:
        yield Change(Verb.withdraw, "plan", code)


def _price_changes(
    before: Mapping[tuple[str, str], PriceEntry], after: Mapping[tuple[str, str], PriceEntry]
) -> Iterator[Change]:
    for (plan_code, code), price in after.items():
        known = before.get((plan_code, code))
        if known is None:
            terms = (Detail("terms", "none", terms_in_words(price)),)
            yield Change(Verb.add, "price", code, terms)
        elif details := tuple(_terms_differing(known, price)):
            yield Change(Verb.change, "price", code, details)
    for _, code in sorted(before.keys() - after.keys()):
        yield Change(Verb.withdraw, "price", code)


def _prices_of(catalog: Catalog) -> dict[tuple[str, str], PriceEntry]:
    return {(plan.code, price.code): price for plan in catalog.plans for price in plan.prices}


def _terms_differing(before: PriceEntry, after: PriceEntry) -> Iterator[Detail]:
    if terms_of(before) != terms_of(after):
        yield Detail("terms", terms_in_words(before), terms_in_words(after))
    yield from _differing(before, after, ("trial_days",))


def terms_of(price: Terms) -> tuple[str | int | None, ...]:
    """What Stripe lets nobody change about a price: other terms are another price."""
    return (
        price.interval,
        price.interval_count,
        price.amount,
        price.currency,
        price.tax_behavior,
    )


def terms_in_words(price: Terms) -> str:
    period = period_in_words(price.interval, price.interval_count)
    amount = f"{plainly(price.amount, price.currency)} {price.currency.upper()}"
    return f"{amount} {period}{TAX_IN_WORDS[price.tax_behavior]}"


def _differing(before: object, after: object, fields: tuple[str, ...]) -> Iterator[Detail]:
    for field in fields:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield Detail(field, _as_text(old), _as_text(new))


def _as_text(value: object) -> str:
    match value:
        case None | "":
            return "none"
        case bool():
            return "yes" if value else NOT_OPEN
        case _:
            return str(value)


def _openings(present: Catalog, wanted: Catalog) -> Iterator[Detail]:
    """What is opened to everybody, or closed to them."""
    before = {feature.key for feature in present.features if feature.open_to_all}
    after = {feature.key for feature in wanted.features if feature.open_to_all}
    for key in sorted(before ^ after):
        yield Detail(f"opens {key}", _as_text(key in before), _as_text(key in after))


def _opened_otherwise(before: PlanEntry, after: PlanEntry) -> Iterator[Detail]:
    yield from _limits_differing(before, after)
    yield from _differing(before, after, ("level", "grace_days"))


def _limits_differing(before: PlanEntry, after: PlanEntry) -> Iterator[Detail]:
    old, new = before.limits, after.limits
    for key in sorted(old.keys() | new.keys()):
        if _limit_in_words(old, key) != _limit_in_words(new, key):
            yield Detail(f"opens {key}", _limit_in_words(old, key), _limit_in_words(new, key))


def _limit_in_words(limits: Mapping[str, int | None], key: str) -> str:
    if key not in limits:
        return NOT_OPEN
    limit = limits[key]
    return "yes" if limit is None else f"up to {limit}"
