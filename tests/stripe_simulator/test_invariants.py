"""Whatever is called in whatever order, and however time passes: the books are right."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stripe_simulator.billing.payments import APPROVED
from stripe_simulator.cards import DECLINES
from tests.stripe_simulator.replay import check_replay, keep_versions
from tests.stripe_simulator.shop import DAY, FAILS_LATER, GOOD, JANUARY_31
from tests.stripe_simulator.story import Story

buying = st.tuples(
    st.just("buy"),
    st.sampled_from([GOOD, FAILS_LATER]),
    st.sampled_from([None, 1, 5]),
    st.integers(1, 3),
)
waiting = st.tuples(st.just("wait"), st.integers(1, 45 * 24))
failing = st.tuples(st.just("card"), st.sampled_from([APPROVED, *DECLINES]), st.integers(1, 3))
changing = st.tuples(st.sampled_from(["end", "stay", "cancel", "pay"]), st.integers(0, 5))


moving = st.tuples(
    st.just("move"),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(1, 4),
    st.sampled_from(["create_prorations", "always_invoice", "none"]),
    st.sampled_from(["allow_incomplete", "pending_if_incomplete", "error_if_incomplete"]),
)
reducing = st.tuples(st.just("reduce"), st.integers(0, 5), st.sampled_from([5, 33.33, 50, 100]))
using = st.tuples(st.just("use"), st.integers(1, 900))
joining = st.tuples(st.sampled_from(["mix", "tax", "untax"]), st.integers(0, 5))
giving = st.tuples(st.just("refund"), st.integers(0, 5), st.integers(1, 40), st.booleans())
pausing = st.tuples(st.sampled_from(["pause", "resume", "settle"]), st.integers(0, 5))


def check_amounts(story: Story) -> None:
    for invoice in story.all("invoice"):
        lines = invoice["lines"]["data"]
        off = sum(one["amount"] for one in invoice["total_discount_amounts"])
        assert invoice["subtotal"] == sum(line["amount"] for line in lines)
        taxes = [tax for line in lines for tax in line["taxes"]]
        added = sum(tax["amount"] for tax in taxes)
        assert invoice["total"] == invoice["subtotal"] - off + added
        assert invoice["total_excluding_tax"] == invoice["total"] - added
        assert added == sum(tax["amount"] for tax in invoice["total_taxes"])
        assert off == sum(one["amount"] for line in lines for one in line["discount_amounts"])
        assert invoice["amount_due"] == invoice["amount_paid"] + invoice["amount_remaining"]
        intents = {
            payment["payment"]["payment_intent"]
            for payment in story.reading().find("invoice_payment", invoice=invoice["id"])
        }
        charged = sum(
            charge["amount"]
            for charge in story.all("charge")
            if charge["payment_intent"] in intents and charge["status"] == "succeeded"
        )
        assert invoice["amount_paid"] == charged


def check_nobody_is_billed_after_the_end(story: Story) -> None:
    for subscription in story.all("subscription"):
        if subscription["ended_at"] is None:
            continue
        for invoice in story.reading().find("invoice", subscription=subscription["id"]):
            assert invoice["created"] <= subscription["ended_at"]
            if invoice["status"] in ("draft", "open"):
                assert invoice["next_payment_attempt"] is None


def check_periods_follow_each_other(story: Story) -> None:
    for subscription in story.all("subscription"):
        if subscription["id"] in story.moved:
            continue
        found = story.reading().find("invoice", subscription=subscription["id"])[::-1]
        periods = [
            line["period"]
            for invoice in found
            for line in invoice["lines"]["data"]
            if not line["parent"]["subscription_item_details"]["proration"]
        ]
        for earlier, later in pairwise(periods):
            assert earlier["end"] == later["start"]


def check_the_balance_is_what_the_invoices_left(story: Story) -> None:
    moves = story.all("customer_balance_transaction")
    customer = story.reading().need("customer", story.customer)
    assert customer["balance"] == sum(move["amount"] for move in moves)
    assert customer["balance"] <= 0


def check_the_account_has_what_is_left_of_the_charges(story: Story) -> None:
    """What was charged, less what went back; fees stay with whoever takes them."""
    charges = [one for one in story.all("charge") if one["status"] == "succeeded"]
    for charge in charges:
        back = story.reading().find("refund", charge=charge["id"])
        given = sum(one["amount"] for one in back if one["status"] == "succeeded")
        assert charge["amount_refunded"] == given <= charge["amount"]
        assert charge["refunded"] == (given == charge["amount"])
    left = sum(one["amount"] - one["amount_refunded"] for one in charges)
    moves = story.all("balance_transaction")
    assert sum(move["amount"] for move in moves) == left
    assert all(move["net"] == move["amount"] - move["fee"] for move in moves)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.one_of(
            buying, waiting, failing, changing, moving, reducing, pausing, using, joining, giving
        ),
        min_size=3,
        max_size=14,
    )
)
def test_the_books_are_right_after_any_story(steps: list[tuple[Any, ...]]) -> None:
    story = Story()
    keep_versions(story.store)

    for step in [("buy", GOOD, None, 1), *steps]:
        story.play(step)
    story.play(("wait", 40 * 24))

    check_amounts(story)
    check_nobody_is_billed_after_the_end(story)
    check_periods_follow_each_other(story)
    check_the_balance_is_what_the_invoices_left(story)
    check_the_account_has_what_is_left_of_the_charges(story)
    check_replay(story.store)
    assert story.store.now() >= JANUARY_31 + 40 * DAY
    story.store.close()
