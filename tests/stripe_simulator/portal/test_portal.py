"""The customer's portal: what it shows, what it changes, and for whom."""

from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.portal.visitor import BACK, Ada
from tests.stripe_simulator.shop import DAY, HOUR, Shop


def test_the_overview_shows_plan_card_details_and_invoices(shop: Shop) -> None:
    page = Ada.at(shop).sees(Ada.at(shop).opens())

    for words in (
        "€ 12.00 per month",
        "Renews on 28 February 2026",
        "Visa ending in 4242",
        "ada@example.com",
        "-0001",
        f'href="{BACK}"',
    ):
        assert words in page


def test_ada_cancels_with_a_reason_and_takes_it_back(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()
    base = f"{path}/subscriptions/{ada.subscription}"

    asked = ada.sees(f"{base}/cancel")
    ada.presses(f"{base}/cancel", feedback="too_expensive")
    canceled, page = ada.now(), ada.sees(path)
    ada.presses(f"{base}/keep")

    assert "You can use it until 28 February 2026" in asked
    assert canceled.cancel_at_period_end is True
    assert canceled.cancellation_details.feedback == "too_expensive"
    assert "Ends on 28 February 2026" in page
    assert (ada.now().cancel_at_period_end, ada.now().cancel_at) == (False, None)


def test_ada_cancels_at_once_where_that_is_configured(shop: Shop) -> None:
    ada = Ada.at(shop, subscription_cancel={"enabled": True, "mode": "immediately"})

    ada.presses(f"{ada.opens()}/subscriptions/{ada.subscription}/cancel")

    assert ada.now().status == "canceled"


def test_ada_changes_her_plan_after_seeing_what_it_costs(shop: Shop) -> None:
    ada = Ada.at(shop)
    shop.advance(seconds=14 * DAY)  # half of the 28 days until 28 February
    path = ada.opens()
    base = f"{path}/subscriptions/{ada.subscription}"

    page = ada.sees(f"{base}/confirm?price={ada.prices[1]}&quantity=1")
    before = ada.now()
    ada.presses(f"{base}/update", price=ada.prices[1], quantity="1")

    # half of 20.00 less half of 12.00 = 10.00 - 6.00
    assert "€ 4.00" in page
    assert before["items"].data[0].price.id == ada.prices[0]
    assert ada.now()["items"].data[0].price.id == ada.prices[1]
    assert shop.invoices(subscription=ada.subscription)[-1].amount_paid == 400


def test_a_declined_card_leaves_the_plan_as_it_was(shop: Shop) -> None:
    ada = Ada.at(shop)
    shop.advance(seconds=14 * DAY)
    shop.next_charge(ada.customer, "insufficient_funds")
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"

    ada.sees(f"{base}/confirm?price={ada.prices[1]}&quantity=1")
    answer = ada.presses(f"{base}/update", price=ada.prices[1], quantity="1")

    assert answer.status_code == 402
    assert "insufficient funds" in answer.text
    assert ada.now()["items"].data[0].price.id == ada.prices[0]


def test_only_configured_plans_can_be_chosen(shop: Shop) -> None:
    ada = Ada.at(shop)
    foreign = shop.monthly(1)

    answer = ada.presses(
        f"{ada.opens()}/subscriptions/{ada.subscription}/update", price=foreign, quantity="1"
    )

    assert answer.status_code == 400
    assert ada.now()["items"].data[0].price.id == ada.prices[0]


def test_ada_pauses_and_goes_on(shop: Shop) -> None:
    ada = Ada.at(shop)
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"

    ada.sees(f"{base}/pause")
    ada.presses(f"{base}/pause")
    paused = ada.now()
    ada.presses(f"{base}/resume")

    assert paused.pause_collection.behavior == "void"
    assert ada.now().pause_collection is None


def test_a_new_card_is_charged_from_then_on(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()

    ada.presses(f"{path}/cards/add", **ENTRY | {"number": "5555 5555 5555 4444"})

    cards = shop.stripe.customers.payment_methods.list(ada.customer).data
    assert [card.card.last4 for card in cards] == ["4444", "4242"]
    assert ada.now().default_payment_method == cards[0].id
    shop.advance(seconds=28 * DAY + 2 * HOUR)
    charge = shop.stripe.charges.list({"customer": ada.customer}).data[0]
    assert charge.payment_method_details.card.last4 == "4444"


def test_a_card_that_asks_leads_to_the_bank_and_back(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()
    card = ENTRY | {"number": "4000002500003155"}

    refused = shop.http.post(
        urlsplit(ada.presses(f"{path}/cards/add", **card).headers["location"]).path,
        data={"answer": "fail"},
    )
    end = urlsplit(refused.headers["location"])
    again = ada.sees(f"{end.path}?{end.query}")
    shop.http.post(
        urlsplit(ada.presses(f"{path}/cards/add", **card).headers["location"]).path,
        data={"answer": "approve"},
    )

    assert "could not see the card" in again
    cards = shop.stripe.customers.payment_methods.list(ada.customer).data
    assert ada.now().default_payment_method == cards[0].id
    assert cards[0].card.last4 == "3155"


def test_cards_are_refused_filled_in_chosen_and_removed(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()
    first = ada.now().default_payment_method
    ada.presses(f"{path}/cards/add", **ENTRY)
    second = ada.now().default_payment_method

    empty = ada.presses(f"{path}/cards/add")
    declined = ada.presses(f"{path}/cards/add", **ENTRY | {"number": "4000000000000002"})
    filled = ada.presses(f"{path}/cards/add/test-card", test_card="4242424242424242")
    ada.presses(f"{path}/cards/{first}/default")
    ada.presses(f"{path}/cards/{second}/remove")

    assert (empty.status_code, declined.status_code) == (422, 402)
    assert "4242 4242 4242 4242" in filled.text
    assert ada.now().default_payment_method == first
    left = shop.stripe.customers.payment_methods.list(ada.customer).data
    assert [card.id for card in left] == [first]


def test_ada_changes_her_details(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()
    given = {"name": "Ada King", "email": "king@example.com", "city": "London", "country": "GB"}

    wrong = ada.presses(f"{path}/details", email="nobody")
    ada.presses(f"{path}/details", **given)

    assert wrong.status_code == 422
    customer = shop.stripe.customers.retrieve(ada.customer)
    assert (customer.name, customer.email) == ("Ada King", "king@example.com")
    assert (customer.address.city, customer.address.country) == ("London", "GB")


def test_what_is_not_enabled_cannot_be_done(shop: Shop) -> None:
    ada = Ada.at(shop, subscription_cancel={"enabled": False})
    path = ada.opens()

    answer = ada.presses(f"{path}/subscriptions/{ada.subscription}/cancel")

    assert answer.status_code == 404
    assert "Cancel subscription" not in ada.sees(path)
    assert ada.now().cancel_at_period_end is False


def test_nobody_reaches_what_belongs_to_somebody_else(shop: Shop) -> None:
    ada, eve = Ada.at(shop), Ada.at(shop)
    path = eve.opens()

    for action in (
        f"subscriptions/{ada.subscription}/cancel",
        f"cards/{ada.now().default_payment_method}/remove",
        f"cards/{ada.now().default_payment_method}/default",
    ):
        assert eve.presses(f"{path}/{action}").status_code == 404
    assert shop.http.get("/p/session/test_guess").status_code == 410
    evil = {"origin": "https://evil.example"}
    cancel = f"{ada.opens()}/subscriptions/{ada.subscription}/cancel"
    assert shop.http.post(cancel, headers=evil).status_code == 403
    assert ada.now().cancel_at_period_end is False


def test_a_session_ends_an_hour_after_its_last_use(shop: Shop) -> None:
    ada = Ada.at(shop)
    path = ada.opens()

    shop.advance(seconds=HOUR)
    ada.sees(path)
    shop.advance(seconds=HOUR)
    ada.sees(path)
    shop.advance(seconds=HOUR + 1)

    assert shop.http.get(path).status_code == 410


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        ("subscription_cancel", "Cancel Pro"),
        ("subscription_update", "Choose a plan"),
        ("subscription_pause", "Pause Pro"),
    ],
)
def test_a_flow_begins_at_its_own_page(shop: Shop, flow: str, words: str) -> None:
    ada = Ada.at(shop)

    page = ada.sees(ada.opens(type=flow, **{flow: {"subscription": ada.subscription}}))

    assert words in page


def test_flows_for_cards_and_details_begin_there_too(shop: Shop) -> None:
    ada = Ada.at(shop)

    assert "Add a card" in ada.sees(ada.opens(type="payment_method_update"))
    assert "Street and number" in ada.sees(ada.opens(type="customer_update"))


def test_a_confirmed_change_leads_where_the_flow_says(shop: Shop) -> None:
    ada = Ada.at(shop)
    item = ada.now()["items"].data[0].id
    change = {
        "subscription": ada.subscription,
        "items": [{"id": item, "price": ada.prices[1], "quantity": 2}],
    }
    after = {"type": "redirect", "redirect": {"return_url": "https://shop.example/thanks"}}
    path = ada.opens(
        type="subscription_update_confirm",
        subscription_update_confirm=change,
        after_completion=after,
    )

    page = ada.sees(path)
    answer = ada.presses(
        f"{path}/subscriptions/{ada.subscription}/update", price=ada.prices[1], quantity="2"
    )

    # 2 x 20.00 for the whole period, less 12.00 for the one that has just begun
    assert "€ 28.00" in page
    assert answer.headers["location"] == "https://shop.example/thanks"
    assert ada.now()["items"].data[0].quantity == 2


def test_a_flow_can_end_with_a_word_of_thanks(shop: Shop) -> None:
    ada = Ada.at(shop)
    after = {
        "type": "hosted_confirmation",
        "hosted_confirmation": {"custom_message": "We are sorry to see you go."},
    }
    path = ada.opens(
        type="subscription_cancel",
        subscription_cancel={"subscription": ada.subscription},
        after_completion=after,
    )

    answer = ada.presses(f"{path}/subscriptions/{ada.subscription}/cancel")

    assert "We are sorry to see you go." in answer.text
    assert "Your billing" in ada.sees(path)


def test_flows_that_make_no_sense_are_refused(shop: Shop) -> None:
    ada, other = Ada.at(shop, subscription_pause={"enabled": False}), Ada.at(shop)
    on = {"subscription": ada.subscription}

    for wrong in (
        {"type": "subscription_pause", "subscription_pause": on},
        {"type": "subscription_cancel"},
        {
            "type": "subscription_cancel",
            "subscription_cancel": {"subscription": other.subscription},
        },
    ):
        with pytest.raises(stripe.InvalidRequestError):
            ada.opens(**wrong)


def test_a_session_without_a_configuration_has_the_default_one(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})

    first, second = (
        shop.stripe.billing_portal.sessions.create({"customer": customer.id}) for _ in range(2)
    )

    assert first.configuration == second.configuration
    found = shop.stripe.billing_portal.configurations.list({"is_default": True}).data
    assert [one.id for one in found] == [first.configuration]
    assert found[0].features.subscription_cancel.enabled is True
    assert first.url != second.url
