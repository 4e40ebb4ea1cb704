"""The road as a story, told once: by the site beside its simulator, and through the contract gate.

A plan of 12.00 euros a month; 32 days reach past one month, whatever the month.
"""

from tests.engines.simulators import Json, StripeSide
from tests.engines.visitor import CROSS_SITE
from tests.journeys.road import DECLINED_CARD, GOOD_CARD, Traveller, long_date

SENT_FROM_ELSEWHERE = "lax"


def walk_the_road(ada: Traveller, stripe: StripeSide) -> None:
    she_may_not_pay_before_her_address_is_confirmed(ada, stripe)
    ada.confirms_the_address()
    assert (ada.path, ada.status) == ("/checkout", 200)
    assert ada.opens("/premium") == 403
    she_pays_at_the_second_try(ada, stripe)
    she_is_let_in_and_sees_what_she_has(ada, stripe)
    a_month_later_she_has_paid_again(ada, stripe)
    she_cancels_and_keeps_what_she_has_paid_for(ada, stripe)
    at_the_end_it_is_gone(ada, stripe)


def she_may_not_pay_before_her_address_is_confirmed(ada: Traveller, stripe: StripeSide) -> None:
    ada.signs_up_for("pro-monthly")
    assert (ada.path, ada.heading) == ("/verify", "Check your mail")
    ada.signs_in()
    assert ada.path == "/verify"

    ada.goes("/pricing").presses("Confirm your e-mail to go on")
    assert ada.path == "/verify"
    ada.sends("/checkout", price="pro-monthly")
    assert (ada.path, ada.status) == ("/verify", 200)
    assert stripe.all("/v1/customers") == []


def she_pays_at_the_second_try(ada: Traveller, stripe: StripeSide) -> None:
    ada.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
    assert ada.url.startswith(f"{stripe.url}/c/pay/cs_test_")
    assert ada.says("€ 12.00")

    ada.pays_with(DECLINED_CARD)
    assert ada.says("Your card was declined.")
    assert stripe.all("/v1/subscriptions", status="all") == []

    ada.pays_with(GOOD_CARD)
    assert (ada.path, ada.status, ada.heading) == ("/checkout/return", 200, "You are in")
    assert ada.arrived_from == CROSS_SITE
    assert ada.cookies["session"] == SENT_FROM_ELSEWHERE


def she_is_let_in_and_sees_what_she_has(ada: Traveller, stripe: StripeSide) -> None:
    ada.follows("Continue")
    assert (ada.path, ada.status, ada.heading) == ("/premium", 200, "You are behind the door")

    period_end = long_date(the_subscription(stripe)["items"]["data"][0]["current_period_end"])
    facts = ada.facts()
    assert facts["Next charge"] == f"€12.00 on {period_end}"
    assert facts["Paid until"] == period_end
    assert ada.plan() == ("Pro", "Active")
    assert ada.payments() == payments_at(stripe)
    assert [(status, amount) for _, status, amount in ada.payments()] == [("Paid", "€12.00")]


def a_month_later_she_has_paid_again(ada: Traveller, stripe: StripeSide) -> None:
    ada.moves_time_by("32 days")

    assert ada.opens("/premium") == 200
    period_end = long_date(the_subscription(stripe)["items"]["data"][0]["current_period_end"])
    assert ada.facts()["Next charge"] == f"€12.00 on {period_end}"
    assert ada.payments() == payments_at(stripe)
    assert [(status, amount) for _, status, amount in ada.payments()] == [("Paid", "€12.00")] * 2
    assert [charge["amount"] for charge in stripe.all("/v1/payment_intents") if paid(charge)] == [
        1200,
        1200,
    ]


def she_cancels_and_keeps_what_she_has_paid_for(ada: Traveller, stripe: StripeSide) -> None:
    ada.cancels()

    subscription = the_subscription(stripe)
    period_end = long_date(subscription["items"]["data"][0]["current_period_end"])
    assert (subscription["status"], subscription["cancel_at_period_end"]) == ("active", True)
    assert ada.path == "/account/billing"
    assert ada.plan() == ("Pro", "Ends soon")
    assert ada.facts() == {"Open until": period_end}
    assert ada.opens("/premium") == 200

    ada.moves_time_by("1 day")
    assert ada.opens("/premium") == 200


def at_the_end_it_is_gone(ada: Traveller, stripe: StripeSide) -> None:
    ada.moves_time_by("32 days")

    assert ada.opens("/premium") == 403
    assert (the_subscription(stripe)["status"], ada.plan()) == ("canceled", ("Free", "Free"))
    assert ada.facts() == {"Next charge": "None"}
    assert ada.payments() == payments_at(stripe)
    assert len(ada.payments()) == 2
    renewal, _ = stripe.all("/v1/invoices")
    assert ada.mails() == [
        "Your Pro plan has ended",
        "Your Pro plan will end",
        f"Your receipt {renewal['number']}",
        "Welcome to Pro",
        "Confirm your address at Admit",
    ]
    assert stripe.get("/_control/deliveries")["counts"]["failed"] == 0


def the_subscription(stripe: StripeSide) -> Json:
    (only,) = stripe.all("/v1/subscriptions", status="all")
    return only


def payments_at(stripe: StripeSide) -> list[tuple[str, str, str]]:
    """As our page should list them; `status` in words, the amount in euros."""
    return [
        (told["number"], told["status"].capitalize(), f"€{told['total'] / 100:.2f}")
        for told in stripe.all("/v1/invoices")
    ]


def paid(intent: Json) -> bool:
    return bool(intent["status"] == "succeeded")
