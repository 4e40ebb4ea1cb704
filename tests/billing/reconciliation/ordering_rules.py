"""The decisions that the model asks for: the real ones, or some replaced by wrong ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from admit.billing.reconciliation import ordering
from admit.billing.reconciliation.ordering import Payload, Seen, Verdict, Written
from tests.billing.reconciliation.ordering_story import PINNED

Events = frozenset[int]


class SecondLook(Protocol):
    def __call__(
        self, answered_at: int, newest_event: int | None, *, repeated_for: int | None
    ) -> bool: ...


class Missing(Protocol):
    def __call__(
        self,
        written: Written | None,
        /,
        *,
        answered_at: int,
        newest_event: int | None,
        has_deletion_event: bool,
        customer_found: bool,
    ) -> Seen: ...


def may_use_payload(payload: Payload, written: Written | None) -> bool:
    return ordering.may_use_payload(payload, written, pinned_version=PINNED)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The decisions under test; a negative control replaces one of them."""

    may_use_payload: Callable[[Payload, Written | None], bool] = may_use_payload
    ignores_refused_payloads: bool = False
    decide_fetch: Callable[[Written | None, int, Seen], Verdict] = ordering.decide_fetch
    handled_by_fetch: Callable[[Events, Events], Events] = ordering.handled_by_fetch
    handled_by_payload: Callable[[int, Mapping[int, int]], Events] = ordering.handled_by_payload
    needs_second_look: SecondLook = ordering.needs_second_look
    meaning_of_missing: Missing = ordering.meaning_of_missing
