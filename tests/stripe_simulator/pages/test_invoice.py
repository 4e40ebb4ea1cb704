"""The hosted invoice page, its PDF, and receipts."""

import re
from urllib.parse import urlsplit

import httpx2

from stripe_simulator.pages.pdf import Page, document
from tests.stripe_simulator.pages.shop import DECLINED, ENTRY, Shop


def path_of(url: str | None) -> str:
    return urlsplit(str(url)).path


def test_an_open_invoice_shows_its_lines_and_takes_a_card(shop: Shop, http: httpx2.Client) -> None:
    invoice = shop.waiting_invoice()
    path = path_of(invoice.hosted_invoice_url)

    shown = http.get(path)
    paid = http.post(path, data=ENTRY)

    assert shown.status_code == 200
    assert "Pro (at € 12.00 / month)" in shown.text
    assert "Pay € 12.00" in shown.text
    assert (paid.status_code, paid.headers["location"]) == (303, path)
    after = shop.api.v1.invoices.retrieve(str(invoice.id))
    assert (after.status, after.amount_remaining) == ("paid", 0)
    assert "Pay € 12.00" not in http.get(path).text


def test_paying_on_the_page_starts_the_subscription_and_keeps_the_card(
    shop: Shop, http: httpx2.Client
) -> None:
    invoice = shop.waiting_invoice()

    http.post(path_of(invoice.hosted_invoice_url), data=ENTRY)

    subscription = shop.api.v1.subscriptions.list({"customer": str(invoice.customer)}).data[0]
    cards = shop.api.v1.customers.payment_methods.list(str(invoice.customer)).data
    assert subscription.status == "active"
    assert [card.id for card in cards] == [subscription.default_payment_method]


def test_a_refused_card_leaves_the_invoice_open_with_a_failed_charge(
    shop: Shop, http: httpx2.Client
) -> None:
    invoice = shop.waiting_invoice()

    answer = http.post(path_of(invoice.hosted_invoice_url), data=ENTRY | {"number": DECLINED})

    assert answer.status_code == 402
    assert "Your card was declined." in answer.text
    after = shop.api.v1.invoices.retrieve(str(invoice.id))
    assert (after.status, after.attempt_count) == ("open", 1)
    assert [one.status for one in shop.api.v1.charges.list().data] == ["failed"]
    assert shop.api.v1.customers.payment_methods.list(str(invoice.customer)).data == []


def test_what_is_missing_is_named_and_a_test_card_can_be_filled_in(
    shop: Shop, http: httpx2.Client
) -> None:
    path = path_of(shop.waiting_invoice().hosted_invoice_url)

    empty = http.post(path, data={})
    filled = http.post(f"{path}/test-card", data={"test_card": "4242424242424242"})

    assert empty.status_code == 422
    assert "Enter the card number" in empty.text
    assert 'value="4242 4242 4242 4242"' in filled.text


def test_what_does_not_exist_has_no_page(http: httpx2.Client) -> None:
    assert http.get("/i/in_nobody").status_code == 404
    assert http.get("/i/in_nobody/pdf").status_code == 404
    assert http.get("/r/ch_nobody").status_code == 404


def test_another_site_cannot_pay_an_invoice(shop: Shop, http: httpx2.Client) -> None:
    path = path_of(shop.waiting_invoice().hosted_invoice_url)

    answer = http.post(path, data=ENTRY, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403


def test_the_pdf_says_what_the_page_says(shop: Shop, http: httpx2.Client) -> None:
    invoice = shop.waiting_invoice()

    answer = http.get(path_of(invoice.invoice_pdf))

    assert answer.headers["content-type"] == "application/pdf"
    assert f'filename="Invoice-{invoice.number}.pdf"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"%PDF-1.4\n")
    text = answer.content.decode("cp1252")
    assert "(€ 12.00) Tj" in text
    assert f"({invoice.number}) Tj" in text


def test_every_object_of_a_pdf_stands_where_its_table_says() -> None:
    first, second = Page(), Page()
    first.text(10, 10, "A (bracketed) \\ word and €")
    pdf = document([first, second], title="Zwei")

    start = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    places = [int(row) for row in re.findall(rb"(\d{10}) 00000 n", pdf[start:])]

    assert pdf[start : start + 4] == b"xref"
    assert [pdf[place:].split(b" ", 1)[0] for place in places] == [
        str(number).encode() for number in range(1, len(places) + 1)
    ]
    assert b"A \\(bracketed\\) \\\\ word and \x80" in pdf


def test_a_charge_has_a_receipt_that_leads_to_the_invoice(shop: Shop, http: httpx2.Client) -> None:
    invoice = shop.waiting_invoice()
    http.post(path_of(invoice.hosted_invoice_url), data=ENTRY)
    charge = shop.api.v1.charges.list().data[0]

    receipt = http.get(path_of(charge.receipt_url))

    assert receipt.status_code == 200
    assert "€ 12.00" in receipt.text
    assert "Visa ending in 4242" in receipt.text
    assert path_of(invoice.hosted_invoice_url) in receipt.text
