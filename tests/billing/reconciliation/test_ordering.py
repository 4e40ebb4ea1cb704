"""The ordering rule, clause by clause; what the clauses achieve together: test_ordering_model."""

import pytest

from admit.billing.reconciliation.ordering import (
    Payload,
    Seen,
    Source,
    Verdict,
    Written,
    decide_fetch,
    handled_by_fetch,
    handled_by_payload,
    may_use_payload,
    meaning_of_missing,
    needs_second_look,
)

PINNED = "2026-10-28.endive"


def payload(
    created: int,
    *,
    api_version: str = PINNED,
    on_test_clock: bool = False,
    complete: bool = True,
    ended: bool = False,
) -> Payload:
    return Payload(
        created=created,
        api_version=api_version,
        on_test_clock=on_test_clock,
        complete=complete,
        ended=ended,
    )


def written(source: Source, second: int = 100, *, look: int = 7, ended: bool = False) -> Written:
    return Written(look=look, source=source, second=second, ended=ended)


@pytest.mark.parametrize(
    ("seen", "row", "answer"),
    [
        pytest.param(payload(1), None, True, id="never written"),
        pytest.param(payload(1, api_version="2020-08-27"), None, False, id="other version"),
        pytest.param(payload(1, on_test_clock=True), None, False, id="on a test clock"),
        pytest.param(payload(1, complete=False), None, False, id="incomplete"),
        pytest.param(payload(101), written(Source.payload), True, id="a later second"),
        pytest.param(payload(100), written(Source.payload), False, id="the same second"),
        pytest.param(payload(99), written(Source.payload), False, id="an earlier second"),
        pytest.param(payload(105), written(Source.fetch), False, id="within the margin"),
        pytest.param(payload(106), written(Source.fetch), True, id="past the margin"),
        pytest.param(payload(300), written(Source.fetch, ended=True), False, id="coming back"),
        pytest.param(
            payload(300, ended=True), written(Source.fetch, ended=True), True, id="still ended"
        ),
    ],
)
def test_a_payload_is_believed_only_when_it_is_surely_later(
    seen: Payload, row: Written | None, answer: bool
) -> None:
    assert may_use_payload(seen, row, pinned_version=PINNED) is answer


@pytest.mark.parametrize(
    ("row", "look", "seen", "verdict"),
    [
        (None, 1, Seen.present, Verdict.write),
        (None, 1, Seen.deleted, Verdict.write),
        (None, 1, Seen.not_yet, Verdict.keep),
        (written(Source.payload), 8, Seen.present, Verdict.write),
        (written(Source.fetch), 7, Seen.present, Verdict.write),
        (written(Source.fetch), 6, Seen.present, Verdict.done),
        (written(Source.payload), 6, Seen.present, Verdict.look_again),
        (written(Source.payload, ended=True), 6, Seen.present, Verdict.look_again),
        (written(Source.payload, ended=True), 8, Seen.present, Verdict.keep),
        (written(Source.payload, ended=True), 8, Seen.ended, Verdict.write),
        (written(Source.fetch, ended=True), 8, Seen.deleted, Verdict.write),
        (written(Source.fetch), 8, Seen.drift, Verdict.keep),
        (written(Source.fetch), 6, Seen.drift, Verdict.done),
    ],
)
def test_a_fetch_writes_unless_a_higher_number_has_written(
    row: Written | None, look: int, seen: Seen, verdict: Verdict
) -> None:
    assert decide_fetch(row, look, seen) is verdict


def test_a_fetch_handles_what_it_knew_and_nothing_that_came_later() -> None:
    known = {"evt_before", "evt_handled_by_its_payload"}
    waiting = {"evt_before", "evt_after"}

    assert handled_by_fetch(known, waiting) == {"evt_before"}


def test_a_payload_handles_what_was_taken_with_it_from_an_earlier_second() -> None:
    taken = {"evt_before": 99, "evt_same_second": 100, "evt_after": 101}

    assert handled_by_payload(100, taken) == {"evt_before"}


@pytest.mark.parametrize(
    ("answered_at", "newest", "repeated_for", "on_test_clock", "again"),
    [
        pytest.param(160, None, None, False, False, id="no event known"),
        pytest.param(160, 100, None, False, True, id="within the lag"),
        pytest.param(161, 100, None, False, False, id="past the lag"),
        pytest.param(98, 100, None, False, True, id="Stripe's clocks disagree"),
        pytest.param(160, 100, 100, False, False, id="already repeated for it"),
        pytest.param(250, 210, 100, False, True, id="a newer event since"),
        pytest.param(271, 210, 100, False, False, id="a newer event, past its lag"),
        pytest.param(900, 100, None, True, True, id="a test clock's second says nothing"),
        pytest.param(900, 100, 100, True, False, id="and still only once"),
    ],
)
def test_a_fetch_close_behind_an_event_is_looked_at_once_more(
    answered_at: int,
    newest: int | None,
    repeated_for: int | None,
    on_test_clock: bool,
    again: bool,
) -> None:
    answer = needs_second_look(
        answered_at, newest, repeated_for=repeated_for, on_test_clock=on_test_clock
    )

    assert answer is again


@pytest.mark.parametrize(
    ("row", "newest", "has_deletion_event", "customer_found", "meaning"),
    [
        pytest.param(None, None, True, False, Seen.deleted, id="an event says so"),
        pytest.param(written(Source.fetch), 199, True, False, Seen.deleted, id="even just now"),
        pytest.param(written(Source.fetch), None, False, True, Seen.deleted, id="customer found"),
        pytest.param(written(Source.fetch), 139, False, True, Seen.deleted, id="past the lag"),
        pytest.param(None, 139, False, True, Seen.deleted, id="known by an old event"),
        pytest.param(written(Source.fetch), 139, False, False, Seen.drift, id="nothing found"),
        pytest.param(None, None, False, True, Seen.not_yet, id="never known"),
        pytest.param(None, 140, False, True, Seen.not_yet, id="an event within the lag"),
        pytest.param(
            written(Source.fetch, 140), None, False, True, Seen.not_yet, id="seen within the lag"
        ),
        pytest.param(None, 140, False, False, Seen.not_yet, id="no drift within the lag"),
    ],
)
def test_an_object_missing_at_second_200_is_deleted_only_on_evidence(
    row: Written | None,
    newest: int | None,
    has_deletion_event: bool,
    customer_found: bool,
    meaning: Seen,
) -> None:
    answer = meaning_of_missing(
        row,
        answered_at=200,
        newest_event=newest,
        has_deletion_event=has_deletion_event,
        customer_found=customer_found,
    )

    assert answer is meaning
