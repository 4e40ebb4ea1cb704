"""What a session asks its buyer for, on the page and afterwards in the session.

docs.stripe.com/payments/checkout/custom-components, docs.stripe.com/tax/checkout/tax-ids.
"""

from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import stripe

from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.shop import DECLINED, Shop

SIZE: Any = {
    "key": "size",
    "label": {"custom": "Size", "type": "custom"},
    "type": "dropdown",
    "dropdown": {
        "options": [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}],
        "default_value": "s",
    },
}
GREETING: Any = {
    "key": "greeting",
    "label": {"custom": "Greeting", "type": "custom"},
    "type": "text",
    "text": {"minimum_length": 3, "maximum_length": 10},
    "optional": True,
}
MEMBER: Any = {
    "key": "member",
    "label": {"custom": "Member number", "type": "custom"},
    "type": "numeric",
    "numeric": {"minimum_length": 4},
}
HOME = {
    "line1": "1 Main Street",
    "postal_code": "D02 X285",
    "city": "Dublin",
    "country": "IE",
}
OFFICE = {
    "line1": "Hauptstrasse 1",
    "line2": "Second floor",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
EVERYTHING: Any = {
    "custom_fields": [SIZE, GREETING, MEMBER],
    "phone_number_collection": {"enabled": True},
    "shipping_address_collection": {"allowed_countries": ["IE", "GB"]},
    "billing_address_collection": "required",
    "tax_id_collection": {"enabled": True},
    "consent_collection": {"terms_of_service": "required", "promotions": "auto"},
    "custom_text": {
        "submit": {"message": "We ship on **Mondays**."},
        "terms_of_service_acceptance": {
            "message": "I accept the [terms](https://shop.example/terms)."
        },
    },
}
ANSWERS = {
    **ENTRY,
    **{f"shipping_{name}": value for name, value in HOME.items()},
    **{f"billing_{name}": value for name, value in OFFICE.items()},
    "phone": "+353 1 234 5678",
    "shipping_name": "Ada at home",
    "business_name": "Analytical Engines GmbH",
    "tax_id_type": "eu_vat",
    "tax_id": "DE123456789",
    "custom_size": "l",
    "custom_greeting": "Hello",
    "custom_member": "0042",
    "terms": "yes",
}


def address(parts: dict[str, str]) -> dict[str, str | None]:
    return {"line2": None, "state": None, **parts}


def sends(shop: Shop, session: Any, answers: dict[str, str]) -> httpx2.Response:
    return shop.http.post(urlsplit(session.url).path, data=answers)


def look(shop: Shop, session: Any) -> str:
    return shop.http.get(urlsplit(session.url).path).text


def test_a_buyer_answers_everything_and_the_session_and_the_customer_know_it(shop: Shop) -> None:
    session = shop.session(shop.monthly(), **EVERYTHING)

    paid = sends(shop, session, ANSWERS)

    assert paid.status_code == 303, paid.text
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["customer.tax_ids"]})
    details, customer = done.customer_details.to_dict(), done.customer
    assert {field.key: field[field.type].value for field in done.custom_fields} == {
        "size": "l",
        "greeting": "Hello",
        "member": "0042",
    }
    assert details["name"] == "Analytical Engines GmbH"
    assert details["phone"] == "+35312345678"
    assert details["address"] == address(OFFICE)
    assert details["tax_ids"] == [{"type": "eu_vat", "value": "DE123456789"}]
    assert done.collected_information.shipping_details.to_dict() == {
        "name": "Ada at home",
        "address": address(HOME),
    }
    assert done.consent.to_dict() == {"promotions": "opt_out", "terms_of_service": "accepted"}
    assert customer.name == "Analytical Engines GmbH"
    assert customer.phone == "+35312345678"
    assert customer.address.to_dict() == address(OFFICE)
    assert customer.shipping.address.to_dict() == address(HOME)
    assert [one.value for one in customer.tax_ids.data] == ["DE123456789"]
    invoice = shop.stripe.invoices.retrieve(done.invoice)
    assert invoice.customer_address.city == "Berlin"
    assert [one.value for one in invoice.customer_tax_ids] == ["DE123456789"]
    (method,) = shop.stripe.customers.payment_methods.list(customer.id).data
    assert method.billing_details.address.postal_code == "10115"


def test_every_answer_that_lacks_or_does_not_fit_is_named_and_nothing_is_charged(
    shop: Shop,
) -> None:
    session = shop.session(shop.monthly(), **EVERYTHING)
    cases = [
        ({"phone": "soon"}, "Enter a phone number with its country code"),
        ({"shipping_name": ""}, "Enter the name that the delivery is for"),
        ({"shipping_line1": " "}, "Enter the street and number"),
        ({"shipping_country": "FR"}, "Choose the country"),
        ({"billing_postal_code": ""}, "Enter the postal code"),
        ({"billing_city": ""}, "Enter the city"),
        ({"billing_country": "XX"}, "Choose the country"),
        ({"business_name": ""}, "Enter the name of the business"),
        ({"tax_id_type": ""}, "Choose the kind of tax ID"),
        ({"tax_id": "12"}, "Enter the EU VAT number, like DE123456789"),
        ({"custom_size": "xl"}, "Choose “Size” from the list"),
        ({"custom_size": ""}, "Choose “Size”"),
        ({"custom_greeting": "Hi"}, "“Greeting” takes at least 3 characters"),
        ({"custom_greeting": "Good morning"}, "“Greeting” takes at most 10 characters"),
        ({"custom_member": ""}, "Enter “Member number”"),
        ({"custom_member": "12a4"}, "“Member number” takes digits only"),
        ({"custom_member": "12"}, "“Member number” takes at least 4 digits"),
        ({"terms": ""}, "Agree to the terms of service to go on"),
    ]

    for wrong, sentence in cases:
        (name,) = wrong
        answer = sends(shop, session, {**ANSWERS, **wrong})

        assert (wrong, answer.status_code) == (wrong, 422)
        assert f'<a href="#{name}">{sentence}' in answer.text, (wrong, answer.text)
        assert answer.text.count('aria-invalid="true"') == 1
    american = sends(shop, session, {**ANSWERS, "billing_country": "US"})
    assert '<a href="#billing_state">Enter the state' in american.text
    assert shop.stripe.subscriptions.list().data == []
    assert shop.stripe.checkout.sessions.retrieve(session.id).status == "open"


def test_what_may_be_left_out_is_left_out(shop: Shop) -> None:
    optional = {name: EVERYTHING[name] for name in ("tax_id_collection", "consent_collection")}
    session = shop.session(shop.monthly(), custom_fields=[GREETING], **optional)
    needed = {f"billing_{name}": value for name, value in OFFICE.items()}

    paid = sends(shop, session, {**ENTRY, **needed, "terms": "yes", "promotions": "yes"})

    assert paid.status_code == 303, paid.text
    done = shop.stripe.checkout.sessions.retrieve(session.id)
    assert done.custom_fields[0].text.value is None
    assert done.customer_details.tax_ids == []
    assert done.customer_details.name == "Ada Lovelace"
    assert done.consent.promotions == "opt_in"
    assert done.collected_information is None


def test_a_known_customer_is_changed_only_where_the_seller_lets_it(shop: Shop) -> None:
    ada = shop.stripe.customers.create(
        {"email": "ada@example.com", "name": "Ada", "phone": "+44123456789", "address": HOME}
    )
    asked = {
        "billing_address_collection": "required",
        "shipping_address_collection": {"allowed_countries": ["IE"]},
    }
    untouched = shop.session(shop.monthly(), customer=ada.id, **asked)
    page = look(shop, untouched)
    assert 'value="1 Main Street"' in page
    assert '<option value="IE" selected>Ireland</option>' in page
    sends(shop, untouched, ANSWERS)
    before = shop.stripe.customers.retrieve(ada.id)
    updated = shop.session(
        shop.monthly(),
        customer=ada.id,
        customer_update={"address": "auto", "name": "auto", "shipping": "auto"},
        **asked,
    )

    sends(shop, updated, {**ANSWERS, "business_name": ""})

    after = shop.stripe.customers.retrieve(ada.id)
    assert (before.name, before.address.city, before.shipping) == ("Ada", "Dublin", None)
    assert (after.name, after.address.city) == ("Ada Lovelace", "Berlin")
    assert after.shipping.address.line1 == "1 Main Street"


def test_a_payment_carries_the_address_that_it_is_sent_to(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Book"})
    book = shop.stripe.prices.create({"product": product.id, "currency": "eur", "unit_amount": 900})
    session = shop.session(
        book.id,
        mode="payment",
        shipping_address_collection={"allowed_countries": ["IE"]},
        submit_type="donate",
    )
    assert "Donate € 9.00" in look(shop, session)
    refused = sends(shop, session, {**ANSWERS, "number": DECLINED})
    assert (refused.status_code, "1 Main Street" in refused.text) == (402, True)

    sends(shop, session, ANSWERS)

    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.shipping.address.to_dict() == address(HOME)
    assert (done.customer, done.submit_type) == (None, "donate")


def test_answers_outlive_the_banks_page(shop: Shop) -> None:
    session = shop.session(shop.monthly(), custom_fields=[MEMBER])
    asked = sends(shop, session, {**ENTRY, "number": "4000002760003184", "custom_member": "123456"})
    assert "/c/3ds/" in asked.headers["location"]

    shop.http.post(f"/_control/challenges/{session.id}", json={"approved": True})

    done = shop.stripe.checkout.sessions.retrieve(session.id)
    assert (done.status, done.custom_fields[0].numeric.value) == ("complete", "123456")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"custom_fields": [SIZE] * 2}, "custom_fields"),
        ({"custom_fields": [{**SIZE, "key": f"k{n}"} for n in range(4)]}, "custom_fields"),
        ({"custom_fields": [{**SIZE, "key": "a b"}]}, "custom_fields[0][key]"),
        ({"custom_fields": [{**MEMBER, "text": {"maximum_length": 5}}]}, "custom_fields[0]"),
        (
            {"custom_fields": [{**SIZE, "dropdown": {"options": []}}]},
            "custom_fields[0][dropdown]",
        ),
        (
            {"custom_fields": [{**MEMBER, "numeric": {"default_value": "x"}}]},
            "custom_fields[0][numeric][default_value]",
        ),
        ({"shipping_address_collection": {"allowed_countries": ["XX"]}}, "shipping_address"),
        ({"customer_update": {"name": "auto"}}, None),
        ({"mode": "setup", "line_items": [], "currency": "eur", "submit_type": "pay"}, "submit"),
    ],
)
def test_what_does_not_go_together_is_refused(shop: Shop, more: Any, param: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(shop.monthly(), **more)

    assert (refused.value.param or "").startswith(param or "")


def test_a_tax_id_of_a_known_customer_needs_leave_to_write_its_name(shop: Shop) -> None:
    ada = shop.stripe.customers.create({"name": "Ada"})

    with pytest.raises(stripe.InvalidRequestError, match="set `customer_update\\[name\\]`"):
        shop.session(shop.monthly(), customer=ada.id, tax_id_collection={"enabled": True})


def test_names_are_asked_for_and_kept_apart(shop: Shop) -> None:
    wanted = {"individual": {"enabled": True}, "business": {"enabled": True, "optional": True}}
    session = shop.session(shop.monthly(), name_collection=wanted)
    assert session.name_collection.to_dict() == {
        "individual": {"enabled": True, "optional": False},
        "business": {"enabled": True, "optional": True},
    }

    nameless = sends(shop, session, ENTRY)
    paid = sends(shop, session, {**ENTRY, "individual_name": "Augusta Ada"})

    assert (nameless.status_code, paid.status_code) == (422, 303)
    assert '<a href="#individual_name">Enter your name' in nameless.text
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    details = done.customer_details
    assert (details.individual_name, details.business_name) == ("Augusta Ada", None)
    assert done.collected_information.individual_name == "Augusta Ada"
    assert (done.customer.name, done.customer.individual_name) == ("Augusta Ada", "Augusta Ada")
