"""Refunds, disputes and the balance; amounts in minor units, fees 2.9 % + 30."""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, Shop


def charged(shop: Shop, amount: int = 10000, card: str = "pm_card_visa", **more: Any) -> str:
    intent = {"amount": amount, "currency": "eur", "payment_method": card, "confirm": True}
    return str(shop.stripe.payment_intents.create(intent | more).latest_charge)


def moves(shop: Shop) -> list[tuple[str, int, int, int]]:
    """Type, amount, fee and net of each movement, oldest first."""
    found = shop.stripe.balance_transactions.list({"limit": 100}).data[::-1]
    return [(one.type, one.amount, one.fee, one.net) for one in found]


def sums(shop: Shop) -> tuple[int, int]:
    balance = shop.stripe.balance.retrieve()
    return balance.available[0].amount, balance.pending[0].amount


def test_a_charge_brings_its_amount_less_the_fee_two_days_later(shop: Shop) -> None:
    charge = shop.stripe.charges.retrieve(charged(shop), {"expand": ["balance_transaction"]})

    # 10000 x 2.9 % = 290, and 30
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (320, 9680)
    assert (charge.balance_transaction.status, sums(shop)) == ("pending", (0, 9680))
    shop.advance(seconds=2 * DAY)
    assert sums(shop) == (9680, 0)
    found = shop.stripe.balance_transactions.retrieve(charge.balance_transaction.id)
    assert found.status == "available"


def test_half_a_cent_of_the_fee_is_rounded_up(shop: Shop) -> None:
    charged(shop, 500)  # 14.5 -> 15, and 30
    charged(shop, 1)  # 0.029 -> 0, and 30

    assert moves(shop) == [("charge", 500, 45, 455), ("charge", 1, 30, -29)]


def test_a_part_and_then_the_rest_is_given_back(shop: Shop) -> None:
    charge = charged(shop)

    part = shop.stripe.refunds.create({"charge": charge, "amount": 2500, "reason": "duplicate"})
    halfway = shop.stripe.charges.retrieve(charge)
    rest = shop.stripe.refunds.create({"charge": charge})
    after = shop.stripe.charges.retrieve(charge, {"expand": ["refunds"]})

    assert (part.amount, part.status, part.reason) == (2500, "succeeded", "duplicate")
    assert (halfway.amount_refunded, halfway.refunded) == (2500, False)
    assert (rest.amount, after.amount_refunded, after.refunded) == (7500, 10000, True)
    assert [one.id for one in after.refunds.data] == [rest.id, part.id]
    assert moves(shop) == [
        ("charge", 10000, 320, 9680),
        ("refund", -2500, 0, -2500),
        ("refund", -7500, 0, -7500),
    ]
    assert [one.type for one in shop.events("refund.created", "charge.refunded")] == [
        "refund.created",
        "charge.refunded",
    ] * 2


def test_no_more_is_given_back_than_was_paid(shop: Shop) -> None:
    charge = charged(shop)

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        shop.stripe.refunds.create({"charge": charge, "amount": 10001})
    shop.stripe.refunds.create({"charge": charge})
    with pytest.raises(stripe.InvalidRequestError) as again:
        shop.stripe.refunds.create({"charge": charge})

    assert again.value.code == "charge_already_refunded"


def test_a_payment_is_given_back_by_its_intent(shop: Shop) -> None:
    charge = shop.stripe.charges.retrieve(charged(shop))

    refund = shop.stripe.refunds.create({"payment_intent": charge.payment_intent})

    assert (refund.charge, refund.amount) == (charge.id, 10000)
    unpaid = shop.stripe.payment_intents.create({"amount": 100, "currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        shop.stripe.refunds.create({"payment_intent": unpaid.id})


def test_a_refund_that_fails_comes_back(shop: Shop) -> None:
    charge = charged(shop, card="pm_card_refundFail")
    refund = shop.stripe.refunds.create({"charge": charge, "amount": 4000})

    told = shop.advance(seconds=60)

    failed = shop.stripe.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert shop.stripe.charges.retrieve(charge).amount_refunded == 0
    assert told == ["charge.updated", "refund.updated", "charge.refund.updated", "refund.failed"]
    assert moves(shop)[1:] == [("refund", -4000, 0, -4000), ("refund_failure", 4000, 0, 4000)]


def test_a_refund_fails_when_it_is_told_to(shop: Shop) -> None:
    refund = shop.stripe.refunds.create({"charge": charged(shop)})
    reason = {"reason": "lost_or_stolen_card"}

    shop.http.post(f"/_control/refunds/{refund.id}/fail", json=reason)

    after = shop.stripe.refunds.retrieve(refund.id)
    assert (after.status, after.failure_reason) == ("failed", "lost_or_stolen_card")
    assert shop.http.post(f"/_control/refunds/{refund.id}/fail", json=reason).status_code == 400


def test_a_disputed_card_takes_the_money_back(shop: Shop) -> None:
    charge = charged(shop, card="pm_card_createDispute")

    dispute = shop.stripe.disputes.list({"charge": charge}).data[0]

    assert (dispute.status, dispute.reason, dispute.amount) == (
        "needs_response",
        "fraudulent",
        10000,
    )
    assert shop.stripe.charges.retrieve(charge).disputed is True
    assert moves(shop)[1:] == [("adjustment", -10000, 1500, -11500)]
    assert [one.type for one in shop.events() if "dispute" in one.type] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.stripe.refunds.create({"charge": charge})
    assert refused.value.code == "charge_disputed"


@pytest.mark.parametrize(
    ("text", "status", "last"),
    [
        ("winning_evidence", "won", "charge.dispute.funds_reinstated"),
        ("losing_evidence", "lost", "charge.dispute.closed"),
    ],
)
def test_evidence_decides(shop: Shop, text: str, status: str, last: str) -> None:
    charge = charged(shop, card="pm_card_createDispute")
    dispute = shop.stripe.disputes.list({"charge": charge}).data[0]

    after = shop.stripe.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})

    assert after.status == status
    assert shop.events()[-1].type == last
    # 9680 - 11500 = -1820; who wins has the amount again, and has paid the fee
    assert sum(net for *_, net in moves(shop)) == (8180 if status == "won" else -1820)


def test_evidence_can_be_kept_back_and_then_waits_for_the_bank(shop: Shop) -> None:
    charge = charged(shop, card="pm_card_createDispute")
    dispute = shop.stripe.disputes.list({"charge": charge}).data[0].id

    kept = shop.stripe.disputes.update(
        dispute, {"evidence": {"product_description": "A book"}, "submit": False}
    )
    sent = shop.stripe.disputes.update(dispute, {"evidence": {"customer_name": "Ada"}})
    decided = shop.http.post(f"/_control/disputes/{dispute}", json={"outcome": "won"})

    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert decided.json()["status"] == "won"


def test_a_seller_gives_in_or_misses_the_date(shop: Shop) -> None:
    first, second = (charged(shop, card="pm_card_createDispute") for _ in range(2))

    given_in = shop.stripe.disputes.close(shop.stripe.disputes.list({"charge": first}).data[0].id)
    shop.advance(seconds=9 * DAY)

    missed = shop.stripe.disputes.list({"charge": second}).data[0]
    assert (given_in.status, missed.status) == ("lost", "lost")
    assert missed.evidence_details.past_due is True
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.disputes.close(missed.id)


def test_any_charge_is_disputed_by_a_control_call(shop: Shop) -> None:
    charge = charged(shop)
    order = {"charge": charge, "amount": 3000, "reason": "product_not_received"}

    shop.http.post("/_control/disputes", json=order)

    dispute = shop.stripe.disputes.list({"charge": charge}).data[0]
    assert (dispute.amount, dispute.reason) == (3000, "product_not_received")
    assert shop.http.post("/_control/disputes", json=order).status_code == 400
