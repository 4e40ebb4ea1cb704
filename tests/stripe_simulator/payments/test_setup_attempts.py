"""Each try to save a card is kept (docs.stripe.com/api/setup_attempts)."""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import Shop


def attempts(shop: Shop, intent: Any) -> list[tuple[str, str | None]]:
    """Newest first: what came of it, and the code of its error."""
    found = shop.stripe.setup_attempts.list({"setup_intent": intent.id}).data
    return [(one.status, one.setup_error.code if one.setup_error else None) for one in found]


def test_a_refused_card_and_a_good_one_are_two_attempts(shop: Shop) -> None:
    intents = shop.stripe.setup_intents
    intent = intents.create({"usage": "off_session"})

    with pytest.raises(stripe.CardError):
        intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    done = intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert attempts(shop, intent) == [("succeeded", None), ("failed", "card_declined")]
    latest = shop.stripe.setup_attempts.list({"setup_intent": intent.id}).data[0]
    assert (done.latest_attempt, latest.payment_method) == (latest.id, done.payment_method)
    assert (latest.usage, latest.payment_method_details.card.last4) == ("off_session", "4242")


@pytest.mark.parametrize(("approved", "status"), [(True, "succeeded"), (False, "failed")])
def test_an_attempt_waits_until_the_bank_has_seen_the_holder(
    shop: Shop, approved: bool, status: str
) -> None:
    holder = {"payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True}
    intent = shop.stripe.setup_intents.create(holder)
    waiting = attempts(shop, intent)

    shop.http.post(f"/_control/challenges/{intent.id}", json={"approved": approved})

    assert waiting == [("requires_action", None)]
    assert [one for one, _ in attempts(shop, intent)] == [status]
