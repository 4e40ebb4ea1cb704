import pytest
import stripe

from tests.stripe_simulator.shop import JANUARY_31, Shop


def customers(shop: Shop, count: int) -> list[str]:
    """Ids, oldest first; one a second."""
    made = []
    for number in range(count):
        made.append(shop.stripe.customers.create({"email": f"user{number % 2}@example.com"}).id)
        shop.advance(seconds=1)
    return made


def test_pages_run_from_the_newest_in_both_directions(shop: Shop) -> None:
    made = customers(shop, 5)

    first = shop.stripe.customers.list({"limit": 2})
    second = shop.stripe.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    third = shop.stripe.customers.list({"limit": 2, "starting_after": second.data[-1].id})
    back = shop.stripe.customers.list({"limit": 2, "ending_before": third.data[0].id})

    assert [one.id for one in first.data] == [made[4], made[3]]
    assert [one.id for one in second.data] == [made[2], made[1]]
    assert [one.id for one in third.data] == [made[0]]
    assert [one.id for one in back.data] == [made[2], made[1]]
    assert (first.has_more, second.has_more, third.has_more) == (True, True, False)
    assert back.has_more is True


def test_the_sdk_pages_by_itself(shop: Shop) -> None:
    made = customers(shop, 7)

    found = [one.id for one in shop.stripe.customers.list({"limit": 3}).auto_paging_iter()]

    assert found == made[::-1]


def test_lists_are_filtered_by_reference_and_by_time(shop: Shop) -> None:
    made = customers(shop, 4)

    by_email = shop.stripe.customers.list({"email": "user1@example.com"}).data
    since = shop.stripe.customers.list({"created": {"gt": JANUARY_31, "lte": JANUARY_31 + 2}}).data
    exactly = shop.stripe.customers.list({"created": JANUARY_31}).data

    assert [one.id for one in by_email] == [made[3], made[1]]
    assert [one.id for one in since] == [made[2], made[1]]
    assert [one.id for one in exactly] == [made[0]]


@pytest.mark.parametrize(
    "page",
    [
        {"limit": 0},
        {"limit": 101},
        {"starting_after": "cus_none"},
        {"starting_after": "cus_a", "ending_before": "cus_b"},
    ],
)
def test_a_page_that_cannot_be_is_refused(shop: Shop, page: dict[str, int | str]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.customers.list(page)


def test_events_are_found_by_their_types(shop: Shop) -> None:
    shop.subscribed()

    pattern = shop.stripe.events.list({"type": "invoice.*", "limit": 100}).data
    exact = shop.stripe.events.list({"type": "invoice.paid"}).data

    assert {event.type for event in pattern} == {
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice.updated",
    }
    assert [event.type for event in exact] == ["invoice.paid"]
    assert shop.stripe.events.retrieve(exact[0].id).data.object.status == "paid"


def test_prices_are_found_by_a_key_that_can_move(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Pro"}).id
    new = {"product": product, "currency": "eur", "unit_amount": 900, "lookup_key": "pro"}
    old = shop.stripe.prices.create(new)

    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        shop.stripe.prices.create(new)
    newer = shop.stripe.prices.create(new | {"transfer_lookup_key": True})

    found = shop.stripe.prices.list({"lookup_keys": ["pro"]}).data
    assert [price.id for price in found] == [newer.id]
    assert shop.stripe.prices.retrieve(old.id).lookup_key is None
