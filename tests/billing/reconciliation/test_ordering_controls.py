"""Each clause of the ordering rule is needed: without it the model finds a divergence.

These are the proof that the enumeration of test_ordering_model can fail.
"""

from collections.abc import Mapping

import pytest

from admit.billing.reconciliation import ordering
from admit.billing.reconciliation.ordering import Payload, Seen, Source, Verdict, Written
from tests.billing.reconciliation.ordering_model import Divergence, Walk
from tests.billing.reconciliation.ordering_rules import Events, Rules, may_use_payload
from tests.billing.reconciliation.ordering_story import Story

SAME_SECOND = Story(seconds=(0, 0))
SOON = Story(seconds=(0, 10))
LATER = Story(seconds=(0, 125))
AT_ONCE = Story(seconds=(0, 10), lag=0)
ENDS = Story(seconds=(0, 10), last_states=(Seen.ended,))
MADE = Story(seconds=(0, 0), created_here=True)
CLOCKS_APART = Story(seconds=(0, 4), lag=0, skews=(-5, 5))


def any_payload(_payload: Payload, _written: Written | None) -> bool:
    return True


def highest_created(payload: Payload, written: Written | None) -> bool:
    return written is None or payload.created >= written.second


def same_second_too(payload: Payload, written: Written | None) -> bool:
    if written is not None and written.source is Source.payload:
        return payload.created >= written.second
    return may_use_payload(payload, written)


def no_margin(payload: Payload, written: Written | None) -> bool:
    return written is None or payload.created > written.second


def always_write(_written: Written | None, _look: int, _seen: Seen) -> Verdict:
    return Verdict.write


def a_payload_is_like_a_fetch(written: Written | None, look: int, seen: Seen) -> Verdict:
    verdict = ordering.decide_fetch(written, look, seen)
    return Verdict.done if verdict is Verdict.look_again else verdict


def what_ended_may_come_back(written: Written | None, look: int, seen: Seen) -> Verdict:
    verdict = ordering.decide_fetch(written, look, seen)
    return Verdict.write if verdict is Verdict.keep and seen is Seen.present else verdict


def all_that_wait(_known: Events, waiting: Events) -> Events:
    return waiting


def all_taken_together(_created: int, waiting: Mapping[int, int]) -> Events:
    return frozenset(waiting)


def no_second_look(*_times: int | None, **_repeated_for: int | None) -> bool:
    return False


def never_a_third_look(
    answered_at: int, newest_event: int | None, *, repeated_for: int | None
) -> bool:
    """The rule as one would first read it: a repetition is never repeated."""
    return repeated_for is None and ordering.needs_second_look(answered_at, newest_event)


def missing_is_deleted(_written: Written | None, **_known: object) -> Seen:
    """Rule 6 as one would first read it: the customer is found, so the object is deleted."""
    return Seen.deleted


def missing_is_deleted_unless_an_event_is_fresh(
    _written: Written | None, /, *, answered_at: int, newest_event: int | None, **known: bool
) -> Seen:
    fresh = newest_event is not None and answered_at - newest_event <= ordering.REPLICA_LAG
    return Seen.not_yet if fresh and not known["has_deletion_event"] else Seen.deleted


STALE = "the mirror ends at state|handled .* but the mirror shows state"

CONTROLS = [
    pytest.param(
        SOON,
        Rules(may_use_payload=highest_created, ignores_refused_payloads=True),
        STALE,
        id="the highest created wins, older events are ignored",
    ),
    pytest.param(
        SOON,
        Rules(may_use_payload=any_payload, decide_fetch=always_write),
        STALE,
        id="the last writer wins",
    ),
    pytest.param(SOON, Rules(may_use_payload=any_payload), STALE, id="payloads always write"),
    pytest.param(AT_ONCE, Rules(decide_fetch=always_write), STALE, id="fetches always write"),
    pytest.param(
        SAME_SECOND,
        Rules(may_use_payload=same_second_too),
        STALE,
        id="a payload of the same second writes",
    ),
    pytest.param(
        SAME_SECOND,
        Rules(ignores_refused_payloads=True),
        STALE,
        id="a payload that may not be used is ignored",
    ),
    pytest.param(
        CLOCKS_APART,
        Rules(may_use_payload=no_margin),
        STALE,
        id="no margin between two clocks of Stripe",
    ),
    pytest.param(
        SOON,
        Rules(decide_fetch=a_payload_is_like_a_fetch),
        "left pending for ever",
        id="a fetch refused by a payload is done",
    ),
    pytest.param(
        AT_ONCE,
        Rules(handled_by_fetch=all_that_wait),
        STALE,
        id="a fetch handles what came after its number",
    ),
    pytest.param(
        SAME_SECOND,
        Rules(handled_by_payload=all_taken_together),
        STALE,
        id="a payload handles another of its second",
    ),
    pytest.param(SOON, Rules(needs_second_look=no_second_look), STALE, id="no second look"),
    pytest.param(
        LATER,
        Rules(needs_second_look=never_a_third_look),
        STALE,
        id="a repetition is never repeated",
    ),
    pytest.param(
        ENDS,
        Rules(decide_fetch=what_ended_may_come_back),
        "an ended object came back",
        id="a lagging fetch brings back what ended",
    ),
    pytest.param(
        MADE,
        Rules(meaning_of_missing=missing_is_deleted),
        STALE,
        id="a 404 is a deletion while the customer is found",
    ),
    pytest.param(
        MADE,
        Rules(meaning_of_missing=missing_is_deleted_unless_an_event_is_fresh),
        STALE,
        id="a 404 is a deletion when no event is fresh",
    ),
]


@pytest.mark.parametrize(("story", "rules", "broken_promise"), CONTROLS)
def test_a_simpler_rule_diverges(story: Story, rules: Rules, broken_promise: str) -> None:
    with pytest.raises(Divergence, match=broken_promise):
        Walk(story=story, rules=rules).interleavings()


@pytest.mark.parametrize("story", {control.values[0]: None for control in CONTROLS}, ids=repr)
def test_where_simpler_rules_diverge_the_rule_converges(story: Story) -> None:
    assert Walk(story=story).interleavings() > 0
